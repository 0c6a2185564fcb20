interface SourceFile {
  readonly fileName: string;
  readonly description: string;
}

/** The files that the gallery's pictures are made of. */
export const sourceFiles = {
  photo: { fileName: "photo.jpg", description: "a JPEG of 360 × 240; its custom coordinates are the balloon's" },
  phone: { fileName: "phone.jpg", description: "the photo stored lying on its side, with EXIF that says so" },
  dull: { fileName: "dull.jpg", description: "the photo on a grey day" },
  wide: { fileName: "wide.jpg", description: "the photo in Display P3" },
  people: { fileName: "people.jpg", description: "a drawing of two people and a boat" },
  boats: {
    fileName: "boats.jpg",
    description: "Felice Beato's photograph of boats at Nagasaki, about 1865 (Getty's Open Content Program, CC0)",
  },
  logo: { fileName: "logo.png", description: "a PNG of 240 × 160 with transparency" },
  framed: { fileName: "framed.png", description: "a badge on a light grey mat on white paper" },
  ball: { fileName: "ball.gif", description: "an animated GIF of 240 × 200" },
  pages: { fileName: "pages.tiff", description: "a TIFF of three pages" },
  chart: { fileName: "chart.svg", description: "an SVG of 200 × 120" },
} as const satisfies Readonly<Record<string, SourceFile>>;

export type SourceName = keyof typeof sourceFiles;
