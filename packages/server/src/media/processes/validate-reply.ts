import { contentTypes } from "../image/content-types.ts";
import { isAiEffect } from "../image/plan/ai-effects.ts";
import { isMediaErrorCode } from "../media-error.ts";
import type { Refused } from "./child-calls.ts";
import type { TaskName } from "./tasks.ts";

// What a process answers is not believed where it matters: a stranger's file may have taken the process over.

type Members = Readonly<Record<string, unknown>>;

const shapes: Readonly<Record<TaskName, (value: unknown) => boolean>> = {
  render: (value) =>
    isMembers(value) &&
    value.data instanceof Uint8Array &&
    Object.values<unknown>(contentTypes).includes(value.contentType) &&
    isSide(value.width) &&
    isSide(value.height),
  header: (value) =>
    value === undefined ||
    (isMembers(value) &&
      isSide(value.width) &&
      isSide(value.height) &&
      isOrientation(value) &&
      typeof value.hasAlpha === "boolean" &&
      typeof value.animated === "boolean" &&
      (value.blocks === undefined || isBlocks(value.blocks))),
  fingerprint: (value) =>
    isMembers(value) &&
    matches(value.hash, /^[0-9a-f]{16}$/) &&
    (value.color === undefined || matches(value.color, /^#[0-9a-f]{6}$/)),
  faces: (value) => isListOfNamed(value, ["left", "top", "width", "height"]),
  objects: (value) => isListOfNamed(value, ["left", "top", "width", "height"]),
  tag: (value) => isListOfNamed(value, ["confidence"]),
};

/** The parts of a task's answer, whatever their kinds. */
export function asTaskAnswer(answer: unknown): { value?: unknown; refused?: unknown; cpuMs?: unknown } {
  return isMembers(answer) ? answer : {};
}

/** Whether a picture can be asked about in this way. */
export function isValidQuestion(asked: unknown): boolean {
  if (!isMembers(asked)) return false;
  const { request, picture } = asked;
  return (
    isMembers(request) &&
    typeof request.effect === "string" &&
    isAiEffect(request.effect) &&
    (request.prompt === undefined || typeof request.prompt === "string") &&
    isMembers(picture) &&
    isSide(picture.width) &&
    isSide(picture.height) &&
    (picture.channels === 3 || picture.channels === 4) &&
    matches(picture.digest, /^[0-9a-f]{64}$/)
  );
}

/** Whether a task of this name can have this answer. */
export function isValidReply(name: TaskName, value: unknown): boolean {
  return shapes[name](value);
}

/** @returns undefined for a time that no task can have used */
export function validCpuMs(told: unknown, usedMs: number): number | undefined {
  const isSound = typeof told === "number" && told >= 0 && told <= 8 * usedMs + 1000;
  return isSound ? told : undefined;
}

/** A refusal with a code that there is, and a message that a header can hold. */
export function validRefusal(refused: unknown): Refused {
  const { code, message } = (isMembers(refused) ? refused : {}) as Partial<Refused>;
  return {
    code: isMediaErrorCode(code) ? code : "EINVALID",
    message: (typeof message === "string" ? message : "").replace(/[\p{Cc}]/gu, " ").slice(0, maxMessage),
  };
}

const maxMessage = 500;
const maxSide = 0xff_ffff;

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null;
}

function isSide(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= maxSide;
}

function isOrientation({ orientation }: Members): boolean {
  return (
    orientation === undefined || (Number.isInteger(orientation) && Number(orientation) >= 1 && Number(orientation) <= 8)
  );
}

function isBlocks(blocks: unknown): boolean {
  if (!isMembers(blocks)) return false;
  const { exif, iptc, xmp, icc, density } = blocks;
  const isFound = [exif, iptc, xmp, icc].every((block) => block === undefined || Buffer.isBuffer(block));
  return isFound && (density === undefined || Number.isFinite(density));
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}

/** Whether it is a list of members that have a name, and numbers under all of these keys. JSON can write Infinity, as `1e999`. */
function isListOfNamed(value: unknown, numbers: readonly string[]): boolean {
  const isNamed = (one: unknown): boolean =>
    isMembers(one) && typeof one.name === "string" && numbers.every((key) => Number.isFinite(one[key]));
  return Array.isArray(value) && value.every(isNamed);
}
