
// What makes the page live. Markup comes from the server alone, which escapes what is not its own.
const $ = (id) => document.getElementById(id);
const put = new Map();
let group = "";
let told = 0;
let paused = false;
let latest = null;

function say(text, type) {
  $("state").textContent = text;
  $("state").className = "state " + type;
}

// What was unfolded, by the nearest thing that has a name.
function unfolded(box) {
  const all = [...box.querySelectorAll("details")];
  return new Set(all.filter((one) => one.open).map((one) => nameOf(one, all)));
}

function nameOf(one, all) {
  const home = one.closest("[id]");
  return home.id + "/" + all.filter((other) => home.contains(other)).indexOf(one);
}

// Nothing is taken away under somebody's hands: what is being selected or used stays until later.
function isHeld(box) {
  const selection = getSelection();
  return (!selection.isCollapsed && box.contains(selection.anchorNode))
    || (box.contains(document.activeElement) && document.activeElement.matches("input, select"));
}

function fill(box, html) {
  const was = unfolded(box);
  const focused = [...box.querySelectorAll("button, a, summary")].indexOf(document.activeElement);
  const range = box.querySelector(".ranges input:checked")?.id;
  box.innerHTML = html;
  const all = [...box.querySelectorAll("details")];
  for (const one of all) {
    one.open = was.has(nameOf(one, all));
  }
  if (range !== undefined && $(range) !== null) {
    $(range).checked = true;
  }
  copyable(box);
  for (const number of box.querySelectorAll(".card details tbody td:first-child")) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.fd = button.textContent = number.textContent;
    number.replaceChildren(button);
  }
  box.querySelectorAll("button, a, summary")[focused]?.focus({ preventScroll: true });
}

function section(name, html) {
  const box = $("live-" + name);
  if (put.get(name) === html || isHeld(box)) {
    return;
  }
  put.set(name, html);
  fill(box, html);
  if (name === "timeline") {
    readable(box);
  }
}

function rows(html) {
  const table = document.querySelector("#groups table");
  if (put.get("rows") === html || isHeld(table)) {
    return;
  }
  put.set("rows", html);
  const focused = document.activeElement?.dataset?.group;
  table.tBodies[0].innerHTML = html;
  const column = [...table.tHead.rows[0].cells].findIndex((heading) => heading.ariaSort);
  if (column > 0 || table.tHead.rows[0].cells[0].ariaSort === "ascending") {
    arrange(table, column);
  }
  const [owner, kind] = document.querySelectorAll("#groups select");
  offer(owner, table, 1);
  offer(kind, table, 2);
  document.querySelector("#groups input").dispatchEvent(new Event("input"));
  if (focused !== undefined) {
    table.querySelector("[data-group='" + CSS.escape(focused) + "']")?.focus({ preventScroll: true });
  }
}

function update(scan) {
  document.title = scan.title;
  for (const [name, html] of Object.entries(scan.sections)) {
    section(name, html);
  }
  rows(scan.rows);
  $("now").textContent = scan.open.toLocaleString("en") + " open; scan " + scan.scan.toLocaleString("en")
    + " at " + scan.at + " UTC";
  if (group !== "" || $("wanted").value.trim() !== "") {
    find();
  }
  if ($("story").open) {
    tell(told);
  }
}

// The descriptors that are asked for.
let asked = 0;
async function find() {
  const mine = ++asked;
  const query = new URLSearchParams({ group, text: $("wanted").value });
  $("of-group").hidden = group === "";
  const html = await text("descriptors?" + query);
  if (mine === asked && html !== null && !isHeld($("found"))) {
    fill($("found"), html);
  }
}

async function text(address) {
  try {
    const answer = await fetch(address);
    if (answer.ok) {
      return await answer.text();
    }
    const box = document.createElement("p");
    box.textContent = await answer.text();
    return box.outerHTML;
  } catch (unreachable) {
    return null;
  }
}

async function tell(number) {
  const html = await text("story?fd=" + number);
  if (html === null || ($("story").open && isHeld($("told")))) {
    return;
  }
  told = number;
  fill($("told"), html);
  if (!$("story").open) {
    $("story").showModal();
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-fd], button[data-group]");
  if (button === null) {
    return;
  }
  if (button.dataset.fd !== undefined) {
    tell(button.dataset.fd);
  } else {
    group = button.dataset.group;
    $("wanted").value = "";
    find();
    $("descriptors").scrollIntoView();
  }
});
$("told").addEventListener("click", (event) => {
  if (event.target.closest("a") !== null) {
    $("story").close();
  }
});
$("close").addEventListener("click", () => $("story").close());
$("any-group").addEventListener("click", () => {
  group = "";
  find();
});
let typed = 0;
$("wanted").addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(find, 200);
});

$("scan").addEventListener("click", async () => {
  $("scan").disabled = true;
  try {
    const answer = await fetch("scan", { method: "POST" });
    if (!answer.ok) {
      say(await answer.text(), "off");
    }
  } catch (unreachable) {
    say("not reached", "off");
  }
  $("scan").disabled = false;
});

$("pause").addEventListener("click", () => {
  paused = !paused;
  $("pause").ariaPressed = String(paused);
  $("pause").textContent = paused ? "Go on" : "Pause";
  if (!paused && latest !== null) {
    update(latest);
  }
});

// The stream. A browser asks again by itself, but not after an answer that is none.
function listen() {
  const source = new EventSource("events");
  source.addEventListener("open", () => say("live", "on"));
  source.addEventListener("scan", (event) => {
    latest = JSON.parse(event.data);
    say("live", "on");
    if (!paused) {
      update(latest);
    }
  });
  source.addEventListener("count", (event) => {
    if (!paused && latest !== null) {
      $("now").textContent = Number(event.data).toLocaleString("en") + " open now; scan "
        + latest.scan.toLocaleString("en") + " at " + latest.at + " UTC";
    }
  });
  source.addEventListener("error", async () => {
    say("not connected", "off");
    if (source.readyState === EventSource.CLOSED) {
      const answer = await fetch("events", { method: "HEAD" }).catch(() => null);
      if (answer !== null && answer.status === 401) {
        location.reload();
        return;
      }
      if (answer !== null && answer.status === 503) {
        say("as many watch as may", "off");
      }
      setTimeout(listen, 5000);
    }
  });
}
listen();
