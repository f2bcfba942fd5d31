"use strict";
// What makes the page handy; it is whole without. Text from the process is only ever set as text.

function make(name, text, parent) {
  const element = document.createElement(name);
  element.textContent = text;
  parent.append(element);
  return element;
}

// Commands and stacks can be copied.
function copyable(root) {
  for (const box of root.querySelectorAll(".check")) {
    const button = make("button", "Copy", box);
    button.type = "button";
    button.addEventListener("click", () => copy(box.querySelector("code"), button));
  }
}

async function copy(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch (refused) {
    getSelection().selectAllChildren(code);
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

// Tables sort by a click on a heading, first by the greatest number or the first word.
function value(row, column) {
  return column === 0 ? Number(row.dataset.count) : row.cells[column].textContent.trim().toLowerCase();
}

function sort(table, column) {
  const headings = table.tHead.rows[0].cells;
  const was = headings[column].ariaSort;
  const usual = column === 0 ? "descending" : "ascending";
  const other = column === 0 ? "ascending" : "descending";
  for (const heading of headings) {
    heading.removeAttribute("aria-sort");
  }
  headings[column].ariaSort = was === usual ? other : usual;
  arrange(table, column);
}

function arrange(table, column) {
  const sign = table.tHead.rows[0].cells[column].ariaSort === "ascending" ? 1 : -1;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [value(row, column), row]);
  rows.sort(([a], [b]) => sign * (a < b ? -1 : a > b ? 1 : 0));
  body.append(...rows.map(([, row]) => row));
}

function sortable(table) {
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, column));
    heading.append(button);
  });
}

// A word and two choices filter the groups.
function filterable(section, table) {
  const tools = document.createElement("div");
  tools.className = "tools";
  tools.setAttribute("role", "search");
  const word = make("input", "", tools);
  word.type = "search";
  word.placeholder = "Filter by any text: a class, a library, a kind";
  word.ariaLabel = "Filter groups";
  const owner = choice(tools, table, 1, "All owners");
  const kind = choice(tools, table, 2, "All kinds");
  const tally = make("span", "", tools);
  tally.setAttribute("aria-live", "polite");
  const texts = new WeakMap();
  const show = () => {
    const wanted = word.value.trim().toLowerCase();
    let rows = 0;
    let open = 0;
    for (const row of table.tBodies[0].rows) {
      if (!texts.has(row)) {
        texts.set(row, row.textContent.toLowerCase());
      }
      row.hidden = !(texts.get(row).includes(wanted)
        && (owner.value === "" || row.cells[1].textContent.trim() === owner.value)
        && (kind.value === "" || row.cells[2].textContent.trim() === kind.value));
      rows += row.hidden ? 0 : 1;
      open += row.hidden ? 0 : Number(row.dataset.count);
    }
    tally.textContent = rows.toLocaleString("en") + (rows === 1 ? " group, " : " groups, ")
      + open.toLocaleString("en") + " open";
  };
  for (const control of [word, owner, kind]) {
    control.addEventListener("input", show);
  }
  section.insertBefore(tools, section.querySelector(".wide"));
  show();
}

function choice(tools, table, column, all) {
  const select = make("select", "", tools);
  select.ariaLabel = all;
  make("option", all, select).value = "";
  offer(select, table, column);
  return select;
}

function offer(select, table, column) {
  const values = new Set([...table.tBodies[0].rows].map((row) => row.cells[column].textContent.trim()));
  for (const option of select.options) {
    values.delete(option.value);
  }
  for (const one of [...values].sort()) {
    make("option", one, select).value = one;
  }
}

// The charts tell their numbers to a pointer and to the arrow keys.
function readable(section) {
  const source = document.getElementById("course");
  if (source === null) {
    return;
  }
  const [names, ...points] = JSON.parse(source.textContent);
  const reading = section.querySelector(".reading");
  for (const svg of section.querySelectorAll(".chart svg")) {
    const frame = Object.fromEntries(Object.entries(svg.dataset).map(([key, number]) => [key, Number(number)]));
    const cross = svg.querySelector(".cross");
    let at = points.length - 1;
    const show = (index) => {
      at = Math.max(0, Math.min(points.length - 1, index));
      const point = points[at];
      const x = frame.left + (point[0] - frame.from) / (frame.to - frame.from) * (frame.right - frame.left);
      cross.setAttribute("x1", x);
      cross.setAttribute("x2", x);
      cross.classList.toggle("on", x >= frame.left);
      const counts = names.slice(3).map((name, i) => name + " " + point[i + 3].toLocaleString("en"));
      reading.textContent = new Date(point[0]).toISOString().slice(0, 19).replace("T", " ") + "  "
        + point[1].toLocaleString("en") + " open" + (point[2] > 0 ? " of " + point[2].toLocaleString("en") : "")
        + ": " + counts.join(", ");
    };
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
      const time = frame.from + (x - frame.left) / (frame.right - frame.left) * (frame.to - frame.from);
      let nearest = 0;
      points.forEach((point, i) => {
        nearest = Math.abs(point[0] - time) < Math.abs(points[nearest][0] - time) ? i : nearest;
      });
      show(nearest);
    });
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) {
        event.preventDefault();
        show(at + step);
      }
    });
    const hide = () => {
      cross.classList.remove("on");
      reading.textContent = "";
    };
    svg.addEventListener("pointerleave", hide);
    svg.addEventListener("blur", hide);
  }
}

// Paper shows what is folded.
const folded = [];
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    folded.push(details);
  }
});
addEventListener("afterprint", () => {
  for (const details of folded.splice(0)) {
    details.open = false;
  }
});

copyable(document);
for (const table of document.querySelectorAll("#groups table.sortable")) {
  sortable(table);
  filterable(document.getElementById("groups"), table);
}
const course = document.getElementById("timeline");
if (course !== null) {
  readable(course);
}
