const ACTIONS = [
  ["same", "s", "Same"],
  ["different", "d", "Different"],
  ["skip", "k", "Skip"],
  ["undo", "u", "Undo"],
];

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

function table(pair) {
  const head = element(
    "tr",
    {},
    element("td"),
    element("th", { scope: "col" }, pair.left),
    element("th", { scope: "col" }, pair.right),
  );
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
    element("thead", {}, head),
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
    button.addEventListener("click", () => model.send({ action }));
    return button;
  });
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
    element("div", { class: "actions" }, ...buttons),
    said,
  );

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const found = ACTIONS.find(([, key]) => key === event.key.toLowerCase());
    if (!found) return;
    event.preventDefault();
    event.stopPropagation();
    model.send({ action: found[0] });
  });

  function update() {
    const { pair, changes, said: message } = model.get("state");
    shown.replaceChildren(
      pair ? table(pair) : element("p", {}, "No pair is left to ask about."),
    );
    buttons.slice(0, -1).forEach((button) => {
      button.disabled = !pair;
    });
    said.textContent = [message, changes].filter(Boolean).join("\n");
  }

  model.on("change:state", update);
  update();
  el.append(root);
  return () => model.off("change:state", update);
}

export default { render };
