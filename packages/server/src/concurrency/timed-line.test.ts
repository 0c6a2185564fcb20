import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TimedLine, type WaitingWork } from "./timed-line.ts";
import { TimeCharges, type UsedLately } from "./used-time.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Named extends WaitingWork {
  readonly name: string;
}

/** A work that is named as account/client/file/number, and waits from now on. */
function work(name: string, expectedMs = 50): Named {
  const [account = "", client = "", file = ""] = name.split("/");
  return { name, party: { account, client }, files: [file], expectedMs, since: performance.now() };
}

function use(charges: TimeCharges, name: string, ms: number): void {
  const used = { ...work(name), began: performance.now(), expectedMs: 0 };
  charges.begin(used);
  charges.end(used, ms);
}

function lineOf(charges: TimeCharges, ...works: readonly Named[]): TimedLine<Named> {
  const line = new TimedLine<Named>(charges);
  for (const each of works) line.join(each);
  return line;
}

/** Takes out all works, each of which costs so much. */
function rest(line: TimedLine<Named>, charges: TimeCharges, costMs = 0): string[] {
  const order: string[] = [];
  for (let next = line.next(() => true); next !== undefined; next = line.next(() => true)) {
    order.push(next.name);
    use(charges, next.name, costMs);
  }
  expect(line.size).toBe(0);
  return order;
}

test("those that have used the same come in their order", () => {
  const charges = new TimeCharges();
  expect(rest(lineOf(charges, work("a/x/f/1"), work("a/y/g/1"), work("a/x/f/2")), charges)).toEqual([
    "a/x/f/1",
    "a/y/g/1",
    "a/x/f/2",
  ]);
});

test.each([
  ["client", "a/x/g"],
  ["file", "a/y/f"],
])("a %s that has used time comes later", (_, used) => {
  const charges = new TimeCharges();
  use(charges, used, 1000);
  expect(rest(lineOf(charges, work("a/x/f/1"), work("a/z/h/1")), charges)).toEqual(["a/z/h/1", "a/x/f/1"]);
});

test("the account that has used least is next, however much its client has used", () => {
  const charges = new TimeCharges();
  use(charges, "a/x/f", 1000);
  use(charges, "b/y/g", 400);
  use(charges, "c/y/g", 400);
  expect(rest(lineOf(charges, work("a/z/h/1"), work("b/y/g/1")), charges)).toEqual(["b/y/g/1", "a/z/h/1"]);
});

test("clients get the same time, and not the same number of turns", () => {
  const charges = new TimeCharges();
  const line = lineOf(charges);
  for (let count = 0; count < 4; count++) line.join(work(`a/dear/f${count}/${count}`));
  for (let count = 0; count < 20; count++) line.join(work(`a/cheap/g${count}/${count}`));
  const order: string[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const next = line.next(() => true);
    const [, client = ""] = next?.name.split("/") ?? [];
    order.push(client);
    use(charges, next?.name ?? "", client === "dear" ? 1000 : 100);
  }
  expect(order).toEqual(["dear", ...Array(10).fill("cheap"), "dear"]);
});

test.each([
  ["among short ones", 200, 50],
  ["among long ones", 4000, 900],
  ["and a short one is before a long one", 4000, 50],
])("what a work may take itself counts as well: %s", (_, firstMs, secondMs) => {
  const charges = new TimeCharges();
  const line = lineOf(charges, work("a/x/f/1", firstMs), work("a/y/g/1", secondMs));
  expect(rest(line, charges)).toEqual(["a/y/g/1", "a/x/f/1"]);
});

test("a work that may not have its turn holds up none behind it", () => {
  const charges = new TimeCharges();
  const line = lineOf(charges, work("a/x/f/1"), work("b/y/g/1"));
  expect(line.next(({ name }) => name.startsWith("b"))?.name).toBe("b/y/g/1");
  expect(line.next(() => false)).toBeUndefined();
  expect(rest(line, charges)).toEqual(["a/x/f/1"]);
});

test("a work that has left is gone", () => {
  const charges = new TimeCharges();
  const first = work("a/x/f/1");
  const line = lineOf(charges, first, work("a/y/g/1"));
  expect([line.leave(first), line.leave(first), line.size]).toEqual([true, false, 1]);
  expect([...line].map(({ name }) => name)).toEqual(["a/y/g/1"]);
});

test("however many come that have used nothing, a client that has used much gets its turn", () => {
  const charges = new TimeCharges();
  for (let count = 0; count < 5; count++) use(charges, "a/heavy/f", 4000);
  const line = lineOf(charges, work("a/heavy/f/1"));
  let waited = 0;
  for (; waited < 60_000; waited += 100) {
    line.join(work(`a/fresh ${waited}/g${waited}/1`));
    if (line.next(() => true)?.name === "a/heavy/f/1") break;
    vi.advanceTimersByTime(100);
  }
  expect(waited).toBeGreaterThan(1000);
  expect(waited).toBeLessThan(20_000);
});

test("an account doesn't wait for long because it had the server for itself before", () => {
  const charges = new TimeCharges();
  for (let count = 0; count < 100; count++) use(charges, `old/x${count}/f${count}`, 1000);
  let waited = 0;
  const line = lineOf(charges, work("old/y/g/1"));
  for (; waited < 60_000; waited += 100) {
    line.join(work(`new/z${waited}/h${waited}/1`));
    const next = line.next(() => true)?.name ?? "";
    if (next.startsWith("old")) break;
    vi.advanceTimersByTime(100);
    use(charges, next, 100);
  }
  expect(waited).toBeLessThan(6000);
});

test("works of the server come after those of visitors, but one in five seconds", () => {
  const charges = new TimeCharges();
  const line = lineOf(charges, work("//f/1"), work("//f/2"), work("//f/3"));
  const servers: number[] = [];
  for (let now = 0; now < 16_000; now += 100) {
    line.join(work(`a/x${now}/g${now}/1`));
    const next = line.next(() => true)?.name ?? "";
    if (next.startsWith("//")) servers.push(now);
    vi.advanceTimersByTime(100);
  }
  expect(servers).toEqual([5000, 10_000, 15_000]);
});

test("works of the server don't wait where no visitors do", () => {
  const charges = new TimeCharges();
  expect(rest(lineOf(charges, work("//f/1"), work("//f/2")), charges)).toEqual(["//f/1", "//f/2"]);
});

/** Reads a work that is written as account/client/milliseconds. */
function waiting(text: string): Named {
  const [account = "", client = "", ms] = text.split("/");
  return { name: text, party: { account, client }, files: [], expectedMs: Number(ms), since: 0 };
}

function usedBy(times: Readonly<Record<string, number>>): UsedLately {
  const ofClient = ({ client }: { readonly client: string }) => times[client] ?? 0;
  return { ofAccount: (account) => times[account] ?? 0, ofClient, ofWork: ({ party }) => ofClient(party) };
}

test.each([
  ["the client that waits for most time gives way", "a/y/50", ["a/x/4000", "a/x/4000", "a/z/50"], {}, 1],
  ["the client that has used most does", "a/y/50", ["a/x/50", "a/z/50"], { x: 2000 }, 0],
  ["the account that waits for most time does", "b/y/50", ["a/x/600", "a/z/600", "b/v/700"], {}, 0],
  ["the account that has used most does", "b/y/50", ["a/x/50", "b/z/50"], { a: 2000 }, 0],
  ["of a client's works the most expensive goes", "a/y/50", ["a/x/4000", "a/x/50"], {}, 0],
  ["and the latest of the most expensive", "a/y/50", ["a/x/300", "a/x/300", "a/x/50"], {}, 1],
  ["works of the server go before those of visitors", "a/y/4000", ["a/x/4000", "//50", "a/x/4000"], {}, 1],
  ["a client of the largest account displaces one of its account", "a/y/50", ["a/x/4000", "b/z/50"], {}, 0],
  ["a client of a lesser account displaces one of its own", "b/y/50", ["a/x/2300", "b/z/700"], { b: 1500 }, 1],
  ["a work of the server displaces none", "//50", ["a/x/4000"], {}, undefined],
  ["a client displaces no work of its own", "a/x/50", ["a/x/4000", "a/y/50"], {}, undefined],
  ["a client that has used as much displaces none", "a/y/50", ["a/x/50"], { x: 2000, y: 2000 }, undefined],
  ["a cheap work more or less isn't worth it", "a/y/50", ["a/x/50", "a/x/50", "a/x/50"], {}, undefined],
  ["a newcomer that wants more displaces none", "a/y/4000", ["a/x/50", "a/z/50"], {}, undefined],
  [
    "a newcomer of an account that wants more displaces none of another's",
    "b/y/50",
    ["a/x/50"],
    { b: 2000 },
    undefined,
  ],
] as const)("%s: %s of %j", (_, newcomer, others, used, gone) => {
  const works = others.map(waiting);
  const line = new TimedLine<Named>(usedBy(used));
  for (const each of works) line.join(each);
  const displaced = line.displacedBy(waiting(newcomer));
  expect(displaced).toBe(gone === undefined ? undefined : works[gone]);
});

test("an empty line has nothing to give", () => {
  expect(new TimedLine(usedBy({})).displacedBy(waiting("a/x/50"))).toBeUndefined();
});
