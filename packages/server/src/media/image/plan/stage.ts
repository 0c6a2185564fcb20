import type { Colour } from "../pixels/colour.ts";
import type { Region, Size } from "../pixels/geometry.ts";
import type { Operation } from "../pixels/operations.ts";
import type { AiRequest } from "./ai-effects.ts";
import type { Asked } from "./asked.ts";
import type { LayerPosition, Shift } from "./place-layer.ts";
import type { LayerFile, LayerMode } from "./step-parameters.ts";
import type { PlannedText } from "./text-parameters.ts";

/** Operations, and a pause after them where only the pixels tell how large the picture then is. */
export interface Stage {
  readonly operations: readonly Operation[];
  readonly size: Size;
  /** Before a pause, it leaves out the conditions that come after it. */
  readonly asked: Asked;
  readonly pause?: Pause;
}

/** Puts the picture that a model makes of the picture in its place. */
export interface ModelWork {
  readonly kind: "ai";
  readonly request: AiRequest;
  readonly keepsSize: boolean;
  /**
   * Plans the rest for the model's picture.
   * @param alpha whether pixels may be transparent
   * @throws MediaError ELIMIT, ETRANSFORMATION
   */
  readonly next: (made: Size, alpha?: boolean) => Stage;
}

export type Pause = Trim | Composition | Measurement | ModelWork;

/** Cuts off the edges. */
export interface Trim {
  readonly kind: "trim";
  /** A number from 0 to 255. */
  readonly threshold: number;
  /**
   * Plans the rest for the region that the trim leaves.
   * @throws MediaError ELIMIT, ETRANSFORMATION
   */
  readonly next: (trimmed: Region) => Stage;
}

/** Draws layers over the picture, in their order. */
export interface Composition {
  readonly kind: "layers";
  readonly layers: readonly PlannedLayer[];
  /** Whether neither other layers nor other steps follow. Effects alone make no more of a picture that has been cut. */
  readonly last: boolean;
  /**
   * Plans the rest for the size of the result. It is the picture's own, unless a layer cuts the picture to its own box.
   * @throws MediaError ELIMIT, ETRANSFORMATION
   */
  readonly next: (drawn: Size) => Stage;
}

/** Waits for the pixels, as nothing else tells how large a text gets. */
export interface Measurement {
  readonly kind: "measurement";
  /**
   * Plans the rest for the size of what is there.
   * @throws MediaError ELIMIT, ETRANSFORMATION
   */
  readonly next: (measured: Size) => Stage;
}

/** A layer of a plan, in absolute numbers but for its place, which depends on how large it gets. */
export interface PlannedLayer {
  readonly content: PlannedContent;
  /** The size of the content, before anything is done to it. */
  readonly start: Size;
  /** The operations on the layer itself. */
  readonly stage: Stage;
  readonly mode: LayerMode;
  /**
   * @param layer the size of the layer as it is drawn
   * @throws MediaError ETRANSFORMATION
   */
  readonly place: (layer: Size) => LayerPosition;
  /**
   * The shift that a layer of the mode `displace` makes.
   * @param layer the size of the layer as it is drawn
   * @throws MediaError ETRANSFORMATION
   */
  readonly shift: (layer: Size) => Shift;
}

export type PlannedContent =
  | { readonly kind: "file"; readonly file: LayerFile; readonly orient: boolean }
  | ({ readonly kind: "block"; readonly colour: Colour } & Size)
  | PlannedText;
