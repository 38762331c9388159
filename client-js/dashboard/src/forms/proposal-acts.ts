import { browserChance } from "../../../src/index";
import type { BudgetLine, FundingSource, Indicator, Proposal } from "../entities/types";
import { today } from "../format/dates";
import type { Numbers } from "../format/money";
import type { Words } from "../words/en";
import { optionsOf, reasonField, type Act } from "./acts";
import { currencyOf, type Field, type Typed } from "./fields";

// The acts of a proposal that ask for something. Ids of lines, sources and indicators are made here.

export class ProposalActs {
  constructor(
    readonly stream: string, readonly proposal: Proposal, readonly t: Words, readonly numbers: Numbers,
    readonly townName: (id: string) => string,
  ) {}

  budgetLine(id?: string, line?: BudgetLine): Act {
    const { t } = this;
    return {
      stream: this.stream, command: "set_budget_line", title: t.proposals.editLine, confirm: t.common.save,
      fields: [
        { kind: "text", name: "description", label: t.proposals.description, max: 300 },
        { kind: "choice", name: "category", label: t.proposals.category, options: optionsOf(t.categories) },
        { kind: "choice", name: "partner", label: t.proposals.partner, options: this.#partners() },
        { kind: "money", name: "amount", label: t.proposals.amount },
        this.#invented(),
      ],
      typed: line
        ? { description: line.description, category: line.category, partner: line.partner, invented: line.invented, ...this.#money(line) }
        : { [currencyOf("amount")]: this.#currency() },
      also: { line: id ?? newId("l") },
    };
  }

  fundingSource(id?: string, source?: FundingSource): Act {
    const { t } = this;
    return {
      stream: this.stream, command: "set_funding_source", title: t.proposals.editSource, confirm: t.common.save,
      fields: [
        { kind: "text", name: "name", label: t.proposals.sourceName, max: 200 },
        { kind: "choice", name: "kind", label: t.proposals.sourceKind, options: optionsOf(t.sourceKinds) },
        { kind: "choice", name: "partner", label: t.proposals.sourcePartner, options: [...this.#partners(), { value: "", label: t.proposals.noPartner }], optional: true },
        { kind: "money", name: "amount", label: t.proposals.amount },
        { kind: "choice", name: "status", label: t.proposals.sourceStatus, options: optionsOf(t.sourceStatus) },
        this.#invented(),
      ],
      typed: source
        ? { name: source.name, kind: source.kind, partner: source.partner ?? "", status: source.status, invented: source.invented, ...this.#money(source) }
        : { partner: "", [currencyOf("amount")]: this.#currency() },
      also: { source: id ?? newId("s") },
    };
  }

  indicator(id?: string, indicator?: Indicator): Act {
    const { t } = this;
    return {
      stream: this.stream, command: "set_indicator", title: t.proposals.editIndicator, confirm: t.common.save,
      fields: [
        { kind: "text", name: "name", label: t.proposals.indicatorName, max: 200 },
        { kind: "text", name: "unit", label: t.proposals.unit, max: 40 },
        { kind: "count", name: "baseline", label: t.proposals.baseline, optional: true },
        { kind: "count", name: "target", label: t.proposals.target, optional: true },
        { kind: "date", name: "baseline_on", label: t.proposals.baselineOn, partial: true, optional: true },
        { kind: "text", name: "source", label: t.proposals.measuredSource, max: 1_000, optional: true },
        this.#invented(),
      ],
      typed: indicator ? typedIndicator(indicator) : {},
      also: { indicator: id ?? newId("i") },
    };
  }

  // From the towns of the programme: they are the ones who can sign in and write.
  addPartner(towns: Readonly<Record<string, unknown>>): Act {
    const { t, proposal } = this;
    const options = Object.keys(towns).filter((id) => !(id in proposal.partners))
      .map((id) => ({ value: id, label: this.townName(id) })).sort((a, b) => a.label.localeCompare(b.label));
    return {
      stream: this.stream, command: "add_partner", title: t.proposals.addPartner, help: t.proposals.addPartnerHelp, confirm: t.common.save,
      fields: [{ kind: "choice", name: "municipality", label: t.proposals.newPartner, options }],
    };
  }

  ask(): Act {
    const { t } = this;
    return { stream: this.stream, command: "ask_approval", title: t.proposals.askTitle, help: t.proposals.askHelp, confirm: t.proposals.askConfirm, fields: [] };
  }

  giveBack(version: number): Act {
    const { t } = this;
    return {
      stream: this.stream, command: "return_proposal", title: t.proposals.returnTitle, help: t.proposals.returnHelp, confirm: t.proposals.giveBack,
      fields: [reasonField(t)], also: { version },
    };
  }

  withdraw(version: number): Act {
    const { t } = this;
    return {
      stream: this.stream, command: "withdraw_approval", title: t.proposals.withdrawTitle, help: t.proposals.withdrawHelp, confirm: t.proposals.withdrawApproval,
      fields: [reasonField(t)], also: { version },
    };
  }

  submit(version: number): Act {
    const { t } = this;
    return {
      stream: this.stream, command: "submit_proposal", title: t.proposals.submitTitle, help: t.proposals.submitHelp, confirm: t.proposals.submitConfirm, grave: true,
      fields: [
        { kind: "text", name: "funder", label: t.proposals.funder, max: 200 },
        { kind: "date", name: "on", label: t.proposals.submittedOn, partial: false },
        { kind: "text", name: "reference", label: t.proposals.reference, max: 200, optional: true },
      ],
      typed: { on: today() }, also: { version },
    };
  }

  record(): Act {
    const { t } = this;
    return {
      stream: this.stream, command: "record_answer", title: t.proposals.recordTitle, confirm: t.common.save,
      fields: [
        { kind: "choice", name: "answer", label: t.proposals.answer, options: optionsOf(t.answers) },
        { kind: "date", name: "on", label: t.proposals.answeredOn, partial: false },
        { kind: "money", name: "amount", label: t.proposals.grantedAmount, optional: true },
        { kind: "text", name: "note", label: t.proposals.note, max: 1_000, rows: 3, optional: true },
      ],
      typed: { on: today(), [currencyOf("amount")]: this.#currency() },
    };
  }

  #partners() {
    return Object.entries(this.proposal.partners).sort(([, a], [, b]) => a.order - b.order)
      .map(([id]) => ({ value: id, label: this.townName(id) }));
  }

  #invented(): Field {
    return { kind: "flag", name: "invented", label: this.t.proposals.isInvented };
  }

  #currency(): string {
    return Object.values(this.proposal.budget)[0]?.currency ?? "EUR";
  }

  #money({ amount, currency }: { amount: number; currency: string }): Typed {
    return { amount: this.numbers.typed(amount, currency), [currencyOf("amount")]: currency };
  }
}

// Has no "_": that is what joins the parts of a longer id.
export function newId(prefix: string): string {
  return `${prefix}-${browserChance.id().replaceAll("_", "-")}`;
}

// The id of what is begun in a partnership: the server takes no other.
export function idWithin(partnership: string, id: string): string {
  return `${partnership}_${id}`;
}

function typedIndicator({ name, unit, baseline, target, baseline_on, source, invented }: Indicator): Typed {
  return {
    name, unit, invented, baseline: baseline?.toString() ?? "", target: target?.toString() ?? "",
    baseline_on: baseline_on ?? "", source: source ?? "",
  };
}
