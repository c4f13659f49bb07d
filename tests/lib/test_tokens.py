"""Who a token belongs to."""

import pytest

ASSIGNMENTS = "/api/v1/campaigns/feelings/assignments/"


def test_a_token_is_its_owners(ada, api):
    assert api(ada).post(ASSIGNMENTS).status_code == 200


@pytest.mark.parametrize("header", ["Token nonsense", "Token", "Token a b"])
def test_another_word_opens_nothing(header, ada, api):
    answer = api().post(ASSIGNMENTS, headers={"Authorization": header})

    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


def test_a_deleted_token_opens_nothing_any_more(ada, api):
    client = api(ada)
    ada.user.auth_token.delete()

    assert client.post(ASSIGNMENTS).status_code == 401


def test_a_closed_account_opens_nothing(ada, api):
    client = api(ada)
    ada.user.is_active = False
    ada.user.save()

    assert client.post(ASSIGNMENTS).status_code == 401
