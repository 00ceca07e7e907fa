// Rows of [data-sortable] can be dragged by their [data-grip]; dropping posts the form of the order.
// The up and down buttons do the same without dragging and without this script.
let row = null;
let list = null;
let before = null;

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-sortable] [data-grip]");
  if (!grip || event.button !== 0) return;
  row = grip.closest("[data-id]");
  list = grip.closest("[data-sortable]");
  before = row.nextElementSibling;
  row.classList.add("dragging");
  grip.setPointerCapture(event.pointerId);
  event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (!row) return;
  const others = [...list.children].filter((each) => each !== row && each.querySelector("[data-grip]"));
  const below = others.find((each) => {
    const box = each.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  if (below) {
    if (row.nextElementSibling !== below) list.insertBefore(row, below);
  } else if (others.length && others.at(-1).nextElementSibling !== row) {
    others.at(-1).after(row);
  }
});

function end(event) {
  if (!row) return;
  const moved = row.nextElementSibling !== before;
  const form = list.closest("form[data-reorder]");
  if (event.type === "pointercancel") list.insertBefore(row, before);
  row.classList.remove("dragging");
  row = list = null;
  if (moved && event.type === "pointerup") form?.requestSubmit();
}

document.addEventListener("pointerup", end);
document.addEventListener("pointercancel", end);
