import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect } from "vitest";
import { keys } from "../server.ts";

/** The request and the answers of an operation, or the body of an event, as a test got them. */
interface Example {
  readonly request?: unknown;
  readonly answers: Record<string, unknown>;
}

/**
 * Collects the answers that a test gets as the examples of the API's reference. What differs from run to run is
 * replaced by made-up values.
 */
export class RecordedExamples {
  readonly #byId: Record<string, Example> = {};

  /** Keeps the first answer of each status. */
  keep(id: string, status: number, answer: unknown, request?: unknown): void {
    this.#byId[id] ??= { ...(request !== undefined && { request: madeUp(request) }), answers: {} };
    const example = this.#byId[id];
    if (answer !== "") example.answers[status] ??= madeUp(answer);
  }

  /** Expects the committed examples to be these, or writes these where `npm run examples` asks for it. */
  expectCommitted(): void {
    const text = JSON.stringify(this.#byId, null, 2);
    for (const secret of [keys.privateKey, "whsec_", tmpdir()]) expect(text).not.toContain(secret);
    const target = process.env.SLUICE_RECORD_EXAMPLES;
    if (target !== undefined) writeFileSync(target, `${text}\n`);
    else expect(JSON.parse(readFileSync(place, "utf8"))).toEqual(JSON.parse(text));
  }
}

const place = new URL("../../../../packages/server/src/http/openapi/recorded-examples.json", import.meta.url);

function madeUp(value: unknown): unknown {
  const ids = new Map<string, string>();
  const idLike = (id: string): string => {
    const known = ids.get(id) ?? createHash("sha256").update(`example ${ids.size}`).digest("hex").slice(0, id.length);
    ids.set(id, known);
    return known;
  };
  const text = JSON.stringify(value)
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "https://media.example")
    // Midnight is a value that the test itself has sent.
    .replaceAll(/\d{4}-\d\d-\d\dT(?!00:00:00\.000)\d\d:\d\d:\d\d\.\d{3}Z/g, "2026-01-15T09:30:00.000Z")
    .replaceAll(/(?<!\d)1[78]\d{11}(?!\d)/g, "1768469400000")
    .replaceAll(/ik-obj-version=[\w-]+/g, "ik-obj-version=tE5fURGr5px7l3Fwoca4G7OFVZ1ty_vs")
    .replaceAll(/(?<=public_)[\w-]{28}(?=")/g, "0123456789abcdefghijklmnopqr")
    .replaceAll(/(?<=private_)[\w-]{40}(?=")/g, "0123456789abcdefghijklmnopqrstuvwxyzABCD")
    .replaceAll(/(?<="lastUsedOn":)(?:null|"[\d-]+")/g, '"2026-01-15"')
    .replaceAll(/whsec_[\w+/=]+/g, "‹secret›")
    .replaceAll(/(?<="(?:durationMs|latencyMs)":)\d+/g, "12")
    .replaceAll(/(?<="freeBytes":)\d+/g, "53687091200")
    .replaceAll(/(?<="version":")\d+\.\d+\.\d+(?=")/g, "1.4.2")
    // The kernel decides.
    .replaceAll(/(?<="isolation":")[\w-]+/g, "no-network")
    .replaceAll(/(?<="(?:waiting|running|failed)":)\d+/g, "0")
    .replaceAll(/(?<="oldestDueAt":)(?:null|"[^"]+")/g, "null")
    .replaceAll(/(?<=")1[78]\d{8}(?=")/g, "1768469400")
    .replaceAll(/\w{3}, \d\d \w{3} 20\d\d \d\d:\d\d:\d\d GMT/g, "Thu, 15 Jan 2026 09:30:00 GMT")
    .replaceAll(/(?<="(?:node|id)":")[0-9a-f]{8}(?=")/g, "4f1e09db")
    .replaceAll(
      /expires=\d{10}&signature=[0-9a-f]{64}/g,
      `expires=1768470000&signature=${"0123456789abcdef".repeat(4)}`,
    )
    .replaceAll(/ik-t=\d{10}&ik-s=[0-9a-f]{40}/g, "ik-t=1768473000&ik-s=0123456789abcdef0123456789abcdef01234567")
    .replaceAll(/(?<=ticket=)[\w-]{43}/g, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG")
    .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "‹token›")
    .replaceAll(/(?<=_)[\w-]{9}(?=\.(?:jpg|txt))/g, "x1Y2z3W4v")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d")
    .replaceAll(/(?<![0-9a-zA-Z])[0-9a-f]{24}(?![0-9a-zA-Z])|(?<="id":")\w{12}(?=")/g, idLike);
  return JSON.parse(text);
}
