import type { Transformation } from "@sluice/grammar";
import type { ImageHeader } from "../formats/image-header.ts";
import type { Region } from "../image/pixels/geometry.ts";
import type { ChosenPage } from "../image/plan/chosen-page.ts";
import type { FoundThing, FoundThings } from "../image/plan/found-things.ts";
import type { PlanContext } from "../image/plan/plan.ts";
import type { RenderedImage } from "../image/render/encode.ts";
import type { RenderLimits } from "../image/render/render-image.ts";
import type { PictureFingerprint } from "../metadata/fingerprint.ts";

/** Bytes for a process: a file of this machine with so many bytes, or the bytes themselves. */
export type TaskBytes = { readonly path: string; readonly size: number } | { readonly data: Uint8Array };

/** A transformation as it is written, since what is read from it may hold functions. */
export interface WrittenTask extends ChosenPage {
  readonly written: Transformation;
  readonly still?: boolean | undefined;
}

export interface LayerTask {
  readonly file: TaskBytes;
  readonly pages?: number | null | undefined;
  readonly area: Region | undefined;
  readonly things?: ReadonlyMap<string, FoundThings> | undefined;
}

export interface RenderTask {
  readonly file: TaskBytes;
  readonly pages?: number | null | undefined;
  /** The files that layers show, and the fonts of their texts, by their paths. */
  readonly layers: ReadonlyMap<string, LayerTask>;
  readonly transformation: WrittenTask;
  readonly context: Omit<PlanContext, "limits" | "layers">;
  readonly limits: RenderLimits;
  /** The time that was spent on the picture before, in milliseconds. */
  readonly spentMs: number;
}

export interface HeaderTask {
  readonly file: TaskBytes;
  /** The names that the image library has for the formats that are accepted. */
  readonly formats: readonly string[];
}

/** A small picture, which `render` has made. */
export interface SmallPicture {
  readonly picture: Uint8Array;
}

export interface Tag {
  readonly name: string;
  readonly confidence: number;
}

/** Everything that is done in a process that can be killed, by its name. */
export type Tasks = {
  readonly render: (task: RenderTask) => Promise<RenderedImage>;
  /** The answer is undefined where the library reads no header of these formats. */
  readonly header: (task: HeaderTask) => Promise<ImageHeader | undefined>;
  readonly fingerprint: (task: SmallPicture) => Promise<PictureFingerprint>;
  readonly faces: (task: SmallPicture) => Promise<readonly FoundThing[]>;
  readonly objects: (task: SmallPicture) => Promise<readonly FoundThing[]>;
  readonly tag: (task: SmallPicture) => Promise<readonly Tag[]>;
};

export type TaskName = keyof Tasks;
export type TaskInput<Name extends TaskName> = Parameters<Tasks[Name]>[0];
export type TaskOutput<Name extends TaskName> = Awaited<ReturnType<Tasks[Name]>>;
