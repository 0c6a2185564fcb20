/** The sides in pixels within which a preview's picture may be asked for. Few sizes are made of a file this way. */
export const previewSides = [160, 320, 480, 640, 960, 1600] as const;

/** The sides as a sentence names them. */
export const previewSidesText = `${previewSides.slice(0, -1).join(", ")} or ${previewSides.at(-1)}`;
