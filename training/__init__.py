"""The training job: a snapshot folder goes in, a bundle of weights comes out. No Django here."""
