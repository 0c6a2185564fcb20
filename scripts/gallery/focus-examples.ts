import { type Example, on } from "./example.ts";

const people = on("people");
const boats = on("boats");

/** The examples of crops around faces and objects, under the names of their thumbnails in docs/transformations.md. */
export const focusExamples = {
  fo: {
    faces: people("w-200,h-200,fo-face", "All faces with some of what is around them, scaled to the box."),
    "faces-alone": people("fo-face", "The same region in the proportions of the faces, at its own scale."),
    boat: people("fo-boat", "The smallest rectangle around all boats, at its own scale."),
    "boat-ratio": people("fo-boat,ar-2-1", "The same, made wider or higher until it has these proportions."),
    "boat-extract": people("w-140,h-100,fo-boat,cm-extract", "140 × 100 pixels around the boats, at their own scale."),
    boats: boats("w-200,h-200,fo-boat", "The largest part of these proportions around the boats, scaled to the box."),
    "person-boat": boats("fo-person_boat:w-120", "The smallest rectangle around all persons and boats, then scaled."),
  },
  z: {
    "faces-wider": people("w-200,h-200,fo-face,z-0.7", "The faces from further away."),
    "faces-closer": people("w-200,h-200,fo-face,z-1.6", "Closer to the faces."),
    "person-closer": boats("w-200,h-200,fo-person,z-4", "A quarter of what is shown without `z`: the boatman."),
  },
} as const satisfies Readonly<Record<"fo" | "z", Readonly<Record<string, Example>>>>;

/** The same examples in one list, with the names of their thumbnails. */
export const focusThumbnails: readonly (readonly [name: string, example: Example])[] = Object.values(
  focusExamples,
).flatMap((examples) => Object.entries<Example>(examples));
