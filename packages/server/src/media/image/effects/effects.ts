import type { Parameters } from "@sluice/grammar";
import { addsAlpha, type Operation, sizeAfter } from "../pixels/operations.ts";
import { border } from "./border.ts";
import { colourReplacement } from "./colour-replacement.ts";
import { distortion } from "./distortion.ts";
import { dropShadow } from "./drop-shadow.ts";
import type { Effect, EffectInput, EffectKey } from "./effect.ts";
import { gradient } from "./gradient.ts";
import { radius } from "./radius.ts";
import { flip, rotation } from "./rotation.ts";
import { shadow } from "./shadow.ts";
import { blur, sharpen, unsharpMask } from "./sharpness.ts";
import { colorize, contrast, grayscale, opacity } from "./tone.ts";

/** The effects that are applied before the step's layers are drawn. They don't change the layers. */
const effectsBelow = {
  "e-contrast": contrast,
  cr: colourReplacement,
  "e-colorize": colorize,
  "e-grayscale": grayscale,
  bl: blur,
  "e-sharpen": sharpen,
  "e-usm": unsharpMask,
  "e-gradient": gradient,
  "e-shadow": shadow,
  "e-dropshadow": dropShadow,
} as const;

/** The effects that are applied to the picture with the step's layers. */
const effectsAbove = {
  "e-distort": distortion,
  fl: flip,
  rt: rotation,
  b: border,
  r: radius,
  o: opacity,
} as const;

/**
 * Every effect by its key, in the order in which a step applies them. This order is that of
 * docs/protocol/transformations.md §2.2, not that of the URL.
 */
const effects = { ...effectsBelow, ...effectsAbove } as const satisfies { readonly [Key in EffectKey]: AnyEffect<Key> };

type AnyEffect<Key extends EffectKey> = Omit<Effect<Key, string, never>, "read"> & {
  readonly read: (value: never) => unknown;
};

type Effects = typeof effects;

/** The arguments of a step's effects, by the names of the effects. */
export type EffectArguments = {
  readonly [Key in keyof Effects as Effects[Key]["name"]]?: NonNullable<ReturnType<Effects[Key]["read"]>>;
};

const inOrder: readonly AnyEffect<EffectKey>[] = Object.values(effects);

/** The effects on either side of a step's layers. */
const sides = {
  below: Object.values(effectsBelow),
  above: Object.values(effectsAbove),
} as const satisfies Record<string, readonly AnyEffect<EffectKey>[]>;

/** The effects that the parameters of a step ask for. @throws TransformationError for arithmetic */
export function readEffects(parameters: Parameters): EffectArguments {
  const read = inOrder.map((effect) => {
    const value = parameters[effect.key];
    // Each key holds a value of its own record's type.
    return [effect.name, value === undefined ? undefined : effect.read(value as never)] as const;
  });
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/** Plans what the effects on one side of a step's layers do to a picture, one after the other. */
export function planEffects(
  side: keyof typeof sides,
  step: EffectArguments,
  input: EffectInput,
): Pick<EffectInput, "size" | "alpha"> & { readonly operations: readonly Operation[] } {
  const asked: Readonly<Record<string, unknown>> = step;
  const operations: Operation[] = [];
  let { size, alpha } = input;
  const onThisSide: readonly AnyEffect<EffectKey>[] = sides[side];
  for (const { name, plan } of onThisSide) {
    // Each name holds arguments of its own record's type.
    const operation = asked[name] === undefined ? undefined : plan(asked[name] as never, { ...input, size, alpha });
    if (operation === undefined) continue;
    operations.push(operation);
    size = sizeAfter(size, operation);
    alpha ||= addsAlpha(operation);
  }
  return { operations, size, alpha };
}

/** The processor time for each megapixel that the effects in the parameters of a step take. */
export function effectsMsPerMegapixel(parameters: Parameters): number {
  return inOrder.reduce(
    (sum, { key, msPerMegapixel }) => sum + (parameters[key] === undefined ? 0 : msPerMegapixel),
    0,
  );
}

/** Whether an effect of the step keeps the result from being written as AVIF, unless AVIF is asked for. */
export function excludesAvif(step: EffectArguments): boolean {
  const asked: Readonly<Record<string, unknown>> = step;
  return inOrder.some((effect) => effect.excludesAvif && asked[effect.name] !== undefined);
}
