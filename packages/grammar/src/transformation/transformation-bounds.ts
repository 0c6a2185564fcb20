interface Bound {
  readonly max: number;
  /** Describes what is counted, for the reference. */
  readonly counts: string;
}

/**
 * The maximum contents of one transformation. Texts from an SDK stay far below: the longest text of a layer in base64
 * has 2,500 characters, and a step with every parameter of an image has about thirty. Each of them costs parsing time
 * before the server knows whether the file exists, so the tokeniser checks the bounds before anything else reads the
 * text.
 */
export const transformationBounds = {
  characters: { max: 16_384, counts: "characters, as they are sent" },
  steps: { max: 256, counts: "steps, with those of layers and conditions" },
  parameters: { max: 1024, counts: "parameters, with whatever else stands between two delimiters" },
  layerDepth: { max: 3, counts: "layers in one another" },
  nameDepth: { max: 2, counts: "named transformations in one another" },
} as const satisfies Record<string, Bound>;
