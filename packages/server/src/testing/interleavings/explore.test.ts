import { expect, test } from "vitest";
import { Actor } from "./actor.ts";
import { explore } from "./explore.ts";
import { Footprint } from "./footprint.ts";
import { runSchedule } from "./schedule.ts";

type Play = (actor: Actor) => Promise<void>;

/** Explores the parts with a new state from `begin` for each run. @returns the number of runs and their final states */
async function exploreParts<State>(begin: () => State, ...parts: ((state: State) => Play)[]) {
  const ends: State[] = [];
  const exploration = await explore(async (director) => {
    const state = begin();
    const actors = parts.map((_, index) => new Actor(String(index)));
    const playing = actors.map((actor, index) => actor.play(async () => parts[index]?.(state)(actor)));
    const trace = await runSchedule(actors, director, async () => new Set());
    if (trace === undefined) for (const actor of actors) actor.abandon();
    await Promise.all(playing);
    if (trace !== undefined) ends.push(state);
  }, 10_000);
  return { ...exploration, ends };
}

const readThenWrite = (counter: { value: number }) => async (actor: Actor) => {
  await actor.step("read", new Footprint().looks("counter"));
  const seen = counter.value;
  await actor.step("write", new Footprint().changes("counter"));
  counter.value = seen + 1;
};

test("the lost update of two that read before they write is found", async () => {
  const { ends, complete } = await exploreParts(() => ({ value: 0 }), readThenWrite, readThenWrite);
  expect(complete).toBe(true);
  expect(new Set(ends.map(({ value }) => value))).toEqual(new Set([1, 2]));
});

test("all orders of steps that depend on each other are run, each once", async () => {
  const append = (letters: string) => (state: { text: string }) => async (actor: Actor) => {
    for (const letter of letters) {
      await actor.step(letter, new Footprint().changes("text"));
      state.text += letter;
    }
  };
  const { ends } = await exploreParts(() => ({ text: "" }), append("ab"), append("cd"), append("e"));
  const texts = ends.map(({ text }) => text);
  expect(new Set(texts).size).toBe(30);
  expect(texts).toHaveLength(30);
});

test("steps that touch nothing in common are run in one order alone", async () => {
  const touch = (resource: string) => () => async (actor: Actor) => {
    for (let step = 0; step < 4; step++) await actor.step(resource, new Footprint().changes(resource));
  };
  const { ends } = await exploreParts(() => ({}), touch("here"), touch("there"), touch("elsewhere"));
  expect(ends).toHaveLength(1);
});

test("those that wait for what never happens are told, with how it came to that", async () => {
  const wait = () => async (actor: Actor) => actor.step("waits for ever", new Footprint(), () => false);
  await expect(exploreParts(() => ({}), wait)).rejects.toThrow("nobody can go on:\n0: begin");
});
