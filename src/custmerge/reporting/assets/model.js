// How it was decided: the weights of fields, or rules.

function modelSection() {
  const { model } = data;
  return section(
    "model",
    say("model"),
    make("p", { class: "lead" }, say("model.lead")),
    model.fields ? weightsOfFields(model) : otherModel(model),
    model.rules.length > 0 && [
      make("h3", {}, say("rules.title")),
      make("p", {}, say("rules.lead")),
      ruleList(model.rules),
    ],
  );
}

/** Return what agreement and disagreement in each field say, in words and bars. */
function weightsOfFields(model) {
  const most = Math.max(
    1,
    ...model.fields.flatMap((field) => field.bits.map(Math.abs)),
  );
  const rows = model.fields.map((field) => {
    const [against, support] = [
      Math.min(0, field.bits[0]),
      Math.max(0, field.bits.at(-1)),
    ];
    return [
      fieldName(field.name),
      make(
        "span",
        { class: "track", "aria-hidden": "true" },
        make("span", { class: "zero", style: { left: "50%" } }),
        make("span", {
          class: "step against",
          style: {
            left: `${50 + (50 * against) / most}%`,
            width: `${(-50 * against) / most}%`,
          },
        }),
        make("span", {
          class: "step for",
          style: { left: "50%", width: `${(50 * support) / most}%` },
        }),
      ),
      say("model.alike", { times: times(support) }),
      say("model.unlike", { times: times(against) }),
    ];
  });
  const levels = model.fields.flatMap((field) =>
    field.bits.map((number, level) => [
      fieldName(field.name),
      say("level.from", { from: percent(level ? field.thresholds[level - 1] : 0) }),
      bits(number),
    ]),
  );
  return [
    make("p", {}, say("model.prior", { pairs: times(model.prior) })),
    table(
      say("model"),
      [say("field"), say("evidence"), say("when.alike"), say("when.unlike")],
      rows,
    ),
    make("p", { class: "quiet" }, say("model.note")),
    make(
      "details",
      {},
      make("summary", {}, say("model.levels")),
      table(say("model.levels"), [say("field"), say("level"), say("bits")], levels),
    ),
  ];
}

function otherModel(model) {
  if (model.says)
    return [
      make("p", {}, say("model.rules")),
      ruleList(model.says),
      make("p", {}, say(`otherwise.${model.otherwise}`)),
    ];
  if (model.shares) {
    const all = total(model.shares);
    return [
      make("p", {}, say("model.score", { threshold: percent(model.threshold) })),
      bars(
        Object.entries(model.shares).map(([name, share]) => [
          fieldName(name),
          share / all,
          percent(share / all),
        ]),
      ),
    ];
  }
  return make("p", {}, say("model.other", { kind: model.kind }));
}

function ruleList(rules) {
  return make(
    "ol",
    {},
    rules.map((rule) => {
      const conditions = [
        ...Object.entries(rule.at_least).map(([name, bound]) =>
          say("rule.at_least", { name, bound: percent(bound) }),
        ),
        ...Object.entries(rule.below).map(([name, bound]) =>
          say("rule.below", { name, bound: percent(bound) }),
        ),
        ...Object.entries(rule.where).map(([name, asked]) =>
          say("rule.where", { name, asked }),
        ),
      ];
      return make(
        "li",
        {},
        rule.name && make("strong", {}, `${rule.name}: `),
        say(`rule.says.${rule.says}`, { conditions: conditions.join(say("and")) }),
      );
    }),
  );
}
