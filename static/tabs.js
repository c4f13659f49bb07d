// Where a row of tabs is wider than the screen, it begins at the one that is open. Not by
// scrollIntoView, which would move the page as well.

for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.parentElement.getBoundingClientRect(), { left, width } = tab.getBoundingClientRect();
  tab.parentElement.scrollBy({ left: left + width / 2 - (row.left + row.width / 2), behavior: "instant" });
}
