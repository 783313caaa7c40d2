const ACTIONS = [
  ["same", "s", "Same"],
  ["different", "d", "Different"],
  ["skip", "k", "Skip"],
  ["undo", "u", "Undo"],
  ["explain", "e", "Explain"],
];
const PATIENCE = 4_000;
const SILENCE =
  "Python has not answered yet: it is busy, or was restarted; then run the cell again.";

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// Values go in as text, never as HTML.
function marked(parts) {
  return parts.map(([text, differs]) =>
    differs ? element("mark", {}, text) : text,
  );
}

function columns(...names) {
  const heads = names.map((name) => element("th", { scope: "col" }, name));
  return element("thead", {}, element("tr", {}, ...heads));
}

function table(pair) {
  const rows = pair.rows.map(([column, differs, left, right]) =>
    element(
      "tr",
      differs ? { class: "unlike" } : {},
      element("th", { scope: "row" }, column, differs ? " ≠" : ""),
      element("td", {}, ...marked(left)),
      element("td", {}, ...marked(right)),
    ),
  );
  return element(
    "table",
    {},
    element("caption", {}, `${pair.weighed}; ${pair.reason}`),
    columns("", pair.left, pair.right),
    element("tbody", {}, ...rows),
  );
}

function signed(weight) {
  const shown = Math.abs(weight).toFixed(1);
  return Number(shown) ? (weight < 0 ? "-" : "+") + shown : shown;
}

function reasons(evidence) {
  const longest = Math.max(...evidence.map(([, weight]) => Math.abs(weight)));
  const rows = evidence.map(([part, weight, words]) => {
    const bar = element("span", { class: weight < 0 ? "bar against" : "bar" });
    bar.style.width = `${(100 * Math.abs(weight)) / (longest || 1)}%`;
    return element(
      "tr",
      part === "weight" ? { class: "total" } : {},
      element("th", { scope: "row" }, part),
      element("td", { class: "number" }, signed(weight)),
      element("td", { "aria-hidden": "true" }, bar),
      element("td", {}, words),
    );
  });
  return element(
    "table",
    { class: "reasons" },
    element("caption", {}, "What it was weighed by, in bits for and against"),
    columns("part", "bits", "", "in words"),
    element("tbody", {}, ...rows),
  );
}

function render({ model, el }) {
  const shown = element("div");
  const said = element("p", { role: "status", "aria-live": "polite" });
  const buttons = ACTIONS.map(([action, key, text]) => {
    const button = element(
      "button",
      { type: "button", "aria-keyshortcuts": key },
      `${text} `,
      element("kbd", {}, key),
    );
    button.addEventListener("click", () => ask(action));
    return button;
  });
  const hint = element("span", { class: "hint" }, "Click here to use the keys.");
  // JupyterLab leaves the keys of what is marked so alone: d, d would delete a cell.
  const root = element(
    "div",
    {
      class: "custmerge-labeller",
      tabindex: "0",
      role: "group",
      "aria-label": "Are these two records one customer?",
      "data-lm-suppress-shortcuts": "true",
    },
    shown,
    element("div", { class: "actions" }, ...buttons, hint),
    said,
  );
  let waiting = null;

  // Until the next pair is in sight, another key would be an answer to it unseen.
  function ask(action) {
    if (waiting) return;
    waiting = setTimeout(() => (said.textContent = SILENCE), PATIENCE);
    root.setAttribute("aria-busy", "true");
    model.send({ action, turn: model.get("state").turn });
  }

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const place = ACTIONS.findIndex(([, key]) => key === event.key.toLowerCase());
    if (place < 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (!buttons[place].disabled) ask(ACTIONS[place][0]);
  });

  function update() {
    const { pair, evidence, changes, said: message } = model.get("state");
    clearTimeout(waiting);
    waiting = null;
    root.removeAttribute("aria-busy");
    shown.replaceChildren(
      pair ? table(pair) : element("p", {}, "No pair is left to ask about."),
      ...(pair && evidence ? [reasons(evidence)] : []),
    );
    // A button that is disabled loses the focus, and JupyterLab would take the keys.
    if (root.contains(document.activeElement)) root.focus({ preventScroll: true });
    buttons.forEach((button, place) => {
      button.disabled = !pair && ACTIONS[place][0] !== "undo";
    });
    said.textContent = [message, changes].filter(Boolean).join("\n");
  }

  model.on("change:state", update);
  update();
  el.append(root);
  return () => {
    clearTimeout(waiting);
    model.off("change:state", update);
  };
}

export default { render };
