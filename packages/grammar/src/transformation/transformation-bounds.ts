interface Bound {
  readonly max: number;
  /** For the reference: what is counted. */
  readonly counts: string;
}

/**
 * What one transformation may hold. What an SDK builds stays far below: the longest text of a layer in base64 has 2,500
 * characters, and a step of every parameter that an image takes has some thirty. Reading costs time for each of them
 * before anybody knows whether the file is there, so that the tokeniser asks before anything else reads the text.
 */
export const transformationBounds = {
  characters: { max: 16_384, counts: "characters, as they are sent" },
  steps: { max: 256, counts: "steps, with those of layers and conditions" },
  parameters: { max: 1024, counts: "parameters, with whatever else stands between two delimiters" },
  layerDepth: { max: 3, counts: "layers in one another" },
  nameDepth: { max: 2, counts: "named transformations in one another" },
} as const satisfies Record<string, Bound>;
