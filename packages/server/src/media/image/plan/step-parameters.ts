import type { Condition, VariableValues } from "@sluice/grammar";
import type { EffectArguments } from "../effects/effects.ts";
import type { Colour } from "../pixels/colour.ts";
import type { Anchor, Region } from "../pixels/geometry.ts";
import type { AiRequest } from "./ai-effects.ts";
import type { OutputParameters } from "./choose-output.ts";
import type { ChosenPage } from "./chosen-page.ts";
import type { FramingMode } from "./framing.ts";
import type { LayerPlacement } from "./place-layer.ts";
import type { SizeParameters } from "./target-size.ts";
import type { TextFont, TextParameters } from "./text-parameters.ts";

/**
 * The focus is what a crop keeps in the picture. `custom` is the area stored with the file, and `otherwise` applies if
 * it has none.
 */
export type FocusParameter =
  | { readonly kind: "anchor"; readonly anchor: Anchor }
  | { readonly kind: "saliency" }
  | { readonly kind: "custom"; readonly otherwise: "centre" | "saliency" }
  /** All faces that are found; `saliency` applies where there are none. */
  | { readonly kind: "face" }
  /** All objects of these kinds that are found; the centre applies where there are none. */
  | { readonly kind: "objects"; readonly objects: readonly string[] };

export type BackgroundParameter =
  | { readonly kind: "colour"; readonly colour: Colour }
  /** `intensity` 0 to 100, `brightness` -255 to 255. */
  | { readonly kind: "blurred"; readonly intensity: number | "auto"; readonly brightness: number }
  /** The most frequent colours of the edges. Several colours make a gradient. */
  | { readonly kind: "dominant"; readonly colours: 1 | 2 | 4 }
  /** A model fills what is empty. */
  | { readonly kind: "generated" };

/**
 * One step of a transformation, as it is done. Each value is in its range (docs/protocol/transformations.md §6.1), and arithmetic is
 * worked out. An undefined parameter wasn't asked for.
 */
export interface StepParameters extends EffectArguments {
  readonly size?: SizeParameters;
  readonly mode?: FramingMode;
  readonly focus?: FocusParameter;
  /** Below 1 more is shown around what is found, above 1 less. */
  readonly zoom?: number;
  readonly x?: number;
  readonly y?: number;
  readonly xc?: number;
  readonly yc?: number;
  /** The threshold in percent, 1 to 99. */
  readonly trim?: number;
  readonly background?: BackgroundParameter;
  /** The work of a model, which comes after the size and before all effects. */
  readonly ai?: AiRequest;
  /** The layers in the order in which they are drawn. */
  readonly layers?: readonly LayerParameters[];
}

/** A step as a transformation asks for it. What it does may follow from the picture before it. */
export type AskedStep = StepParameters | ArithmeticStep | Choice;

/** A step of which some numbers follow from sizes. */
export interface ArithmeticStep {
  readonly kind: "arithmetic";
  /** The step without the parameters that hold arithmetic. */
  readonly known: StepParameters;
  /** @throws TransformationError NOT_A_SIZE */
  readonly settle: (values: VariableValues) => StepParameters;
}

/** Steps of which a condition chooses some. */
export interface Choice {
  readonly kind: "choice";
  readonly condition: Condition;
  readonly whenTrue: Branch;
  readonly whenFalse: Branch;
}

export interface Branch {
  readonly steps: readonly AskedStep[];
  /** The way in which the result is written if the branch is taken, apart from what a later step outside of branches says. */
  readonly output: OutputParameters;
}

/** A file of the library that a layer shows. */
export interface LayerFile extends ChosenPage {
  /** The path of the file, without a slash at either end. */
  readonly path: string;
}

export type LayerContent =
  | ({ readonly kind: "file"; readonly autoOrient: boolean } & LayerFile)
  /** A block of one colour. Its size may follow from that of what it lies on. */
  | {
      readonly kind: "block";
      readonly size: SizeParameters | ((values: VariableValues) => SizeParameters);
      /** The member is set when the width follows the client's hint. */
      readonly usesWidth?: true;
      readonly colour: Colour;
    }
  /** A text. Its numbers may follow from the size of what it lies on. */
  | {
      readonly kind: "text";
      readonly font: TextFont;
      readonly text: TextParameters | ((values: VariableValues) => TextParameters);
    };

/** The ways in which the pixels of a layer and of the picture below it are combined. */
export type LayerMode = "over" | "multiply" | "cutout" | "cutter" | "displace";

/** A layer of a step: what it shows, what is done to that, and how the result is drawn on the step's picture. */
export interface LayerParameters {
  readonly content: LayerContent;
  readonly steps: readonly AskedStep[];
  readonly placement: LayerPlacement;
  readonly mode: LayerMode;
}

/** The area that a file's owner has marked in it, in pixels as displayed (`customCoordinates`). */
export type StoredArea = Region;
