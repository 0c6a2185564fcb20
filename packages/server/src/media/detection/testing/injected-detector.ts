import type { Detector } from "../detector.ts";

export interface InjectedDetector extends Detector {
  installed: boolean;
  /** Given instead of what models would find. */
  found: {
    faces: Awaited<ReturnType<Detector["faces"]>>;
    objects: Awaited<ReturnType<Detector["objects"]>>;
  };
  /** The sizes of the pictures that were searched, in their order. */
  readonly searched: string[];
}

/** Stands for the models, and finds what a test says. */
export function injectedDetector(): InjectedDetector {
  const detector: InjectedDetector = {
    installed: true,
    found: { faces: [], objects: [] },
    searched: [],
    tag: async () => [],
    async faces({ width, height }) {
      detector.searched.push(`faces ${width}x${height}`);
      return detector.found.faces;
    },
    async objects(pixels) {
      detector.searched.push(`objects ${pixels.length}`);
      return detector.found.objects;
    },
    close: async () => undefined,
  };
  return detector;
}
