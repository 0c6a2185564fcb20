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
  /** The time that a search takes: until this resolves. */
  busy: Promise<unknown>;
}

/** Stands for the models, and finds what a test says. */
export function injectedDetector(): InjectedDetector {
  const detector: InjectedDetector = {
    installed: true,
    found: { faces: [], objects: [] },
    searched: [],
    busy: Promise.resolve(),
    tag: async () => [],
    faces: ({ width, height }, _signal, inTurn = (look) => look()) =>
      inTurn(async () => {
        detector.searched.push(`faces ${width}x${height}`);
        await detector.busy;
        return detector.found.faces;
      }),
    objects: (pixels, _signal, inTurn = (look) => look()) =>
      inTurn(async () => {
        detector.searched.push(`objects ${pixels.length}`);
        await detector.busy;
        return detector.found.objects;
      }),
    close: async () => undefined,
  };
  return detector;
}
