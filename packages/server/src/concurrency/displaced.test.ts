import { expect, test } from "vitest";
import { TimedLine, type WaitingWork } from "./timed-line.ts";
import type { UsedLately } from "./used-time.ts";

interface Named extends WaitingWork {
  readonly name: string;
}

/** Reads a work that is written as account/client/milliseconds. */
function work(text: string): Named {
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
] as const)("%s: %s of %j", (_, newcomer, waiting, used, gone) => {
  const works = waiting.map(work);
  const line = new TimedLine<Named>(usedBy(used));
  for (const each of works) line.join(each);
  const displaced = line.displacedBy(work(newcomer));
  expect(displaced).toBe(gone === undefined ? undefined : works[gone]);
});

test("an empty line has nothing to give", () => {
  expect(new TimedLine(usedBy({})).displacedBy(work("a/x/50"))).toBeUndefined();
});
