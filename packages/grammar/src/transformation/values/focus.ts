import { type Shape, textShape } from "../shape.ts";
import { keywordShape, listWords } from "./keyword.ts";

/** The edges, the corners and the centre. */
const positions = [
  "center",
  "top",
  "left",
  "bottom",
  "right",
  "top_left",
  "top_right",
  "bottom_left",
  "bottom_right",
] as const;

export type Position = (typeof positions)[number];

export const positionShape = keywordShape(positions);

const strategies = ["auto", "custom", "auto-custom_override", "face"] as const;

export type Focus =
  | { readonly kind: "position"; readonly position: Position }
  | { readonly kind: (typeof strategies)[number] }
  /** Kinds of objects, at least one. The picture is cropped around all that are found of them. */
  | { readonly kind: "objects"; readonly objects: readonly string[] };

/** The classes of the COCO data set as the protocol spells them: two words are joined in camel case. */
export const detectableObjects: ReadonlySet<string> = new Set(
  `person bicycle car motorcycle airplane bus train truck boat trafficLight fireHydrant stopSign parkingMeter bench bird
  cat dog horse sheep cow elephant bear zebra giraffe backpack umbrella handbag tie suitcase frisbee skis snowboard
  sportsBall kite baseballBat baseballGlove skateboard surfboard tennisRacket bottle wineGlass cup fork knife spoon bowl
  banana apple sandwich orange broccoli carrot hotDog pizza donut cake chair couch pottedPlant bed diningTable toilet tv
  laptop mouse remote keyboard cellPhone microwave oven toaster sink refrigerator book clock vase scissors teddyBear
  hairDrier toothbrush`.split(/\s+/),
);

export const focusShape: Shape<Focus> = textShape<Focus>(
  `${listWords([...positions, ...strategies])}; kinds of things (\`car\`, \`trafficLight\`), joined by \`_\``,
  (text) => {
    const position = positions.find((known) => known === text);
    if (position !== undefined) return { kind: "position", position };
    const strategy = strategies.find((known) => known === text);
    if (strategy !== undefined) return { kind: strategy };
    const objects = text.split("_");
    return objects.every((object) => detectableObjects.has(object)) ? { kind: "objects", objects } : undefined;
  },
  (focus) =>
    focus.kind === "position" ? focus.position : focus.kind === "objects" ? focus.objects.join("_") : focus.kind,
);
