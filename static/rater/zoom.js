// A post's image as large as it is, in a dialogue that Escape closes.
import { $ } from "./page.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-zoom]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const image = $("#zoom img");
  [image.src, image.alt] = [link.href, $("img", link).alt];
  $("#zoom").showModal();
});
