import type { PictureDetector } from "@sluice/auto-tagging";
import { loadOptional } from "../load-optional.ts";
import { isDetectorInstalled } from "./installed.ts";

/** The models of `@sluice/auto-tagging`, which is an optional package. They are loaded when one is first used. */
export interface Detector extends Pick<PictureDetector, "tag" | "objects" | "faces" | "close"> {
  readonly installed: boolean;
}

/** Says what to install. */
export const detectorMissing =
  "Focus on faces and objects needs the package @sluice/auto-tagging: install it beside sluice";

type Models = Omit<Detector, "installed">;

export function openDetector(installed = isDetectorInstalled(), load = loadModels): Detector {
  let models: Promise<Models> | undefined;
  const loaded = (): Promise<Models> => {
    models ??= load().catch((error: unknown) => {
      models = undefined;
      throw error;
    });
    return models;
  };
  return {
    installed,
    tag: async (...asked) => (await loaded()).tag(...asked),
    objects: async (...asked) => (await loaded()).objects(...asked),
    faces: async (...asked) => (await loaded()).faces(...asked),
    async close() {
      await (await models?.catch(() => undefined))?.close();
    },
  };
}

async function loadModels(): Promise<Models> {
  const { PictureDetector } = await loadOptional(() => import("@sluice/auto-tagging"), "EDETECTOR", detectorMissing);
  return new PictureDetector();
}
