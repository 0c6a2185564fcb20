import { type Shape, textShape } from "../shape.ts";
import { type Color, parseColor, printColor } from "./color.ts";
import { parseInRange, printNumber, type Range } from "./number.ts";
import { decodePrompt, encodePrompt, type Prompt } from "./prompt.ts";

export type Background =
  | { readonly kind: "color"; readonly color: Color }
  /** The picture itself, blurred. */
  | {
      readonly kind: "blurred";
      /** A number from 0 to 100. */
      readonly intensity: number | "auto";
      /** -255 to 255, added to every channel. */
      readonly brightness: number;
    }
  /** The dominant colour of the border. */
  | { readonly kind: "dominant" }
  | { readonly kind: "gradient"; readonly colors: 2 | 4 }
  | { readonly kind: "generated"; readonly prompt: Prompt | undefined };

const intensityRange: Range = { min: 0, max: 100 };
const brightnessRange: Range = { min: -255, max: 255 };

export const backgroundShape: Shape<Background> = textShape<Background>(
  "colour; `blurred[_<intensity>[_<brightness>]]`, intensity `auto` or 0 to 100, brightness `N255` to 255; `dominant`; " +
    "`gradient_dominant[_2|_4]`; `genfill[-prompt-<text>]`",
  (text) => parseBlurred(text) ?? parseGradient(text) ?? parseGenerated(text) ?? parseSolid(text),
  (background) => {
    switch (background.kind) {
      case "color":
        return printColor(background.color);
      case "blurred": {
        const { intensity, brightness } = background;
        return `blurred_${intensity === "auto" ? intensity : printNumber(intensity)}_${printNumber(brightness)}`;
      }
      case "dominant":
        return "dominant";
      case "gradient":
        return `gradient_dominant_${background.colors}`;
      case "generated":
        return background.prompt === undefined ? "genfill" : `genfill-${encodePrompt(background.prompt)}`;
    }
  },
);

function parseSolid(text: string): Background | undefined {
  const color = parseColor(text);
  return color === undefined ? undefined : { kind: "color", color };
}

function parseBlurred(text: string): Background | undefined {
  const [word, intensityText = "auto", brightnessText = "0", ...rest] = text.split("_");
  if (word !== "blurred" || rest.length > 0) return undefined;
  const intensity = intensityText === "auto" ? "auto" : parseInRange(intensityText, intensityRange);
  const brightness = parseInRange(brightnessText, brightnessRange);
  return intensity === undefined || brightness === undefined ? undefined : { kind: "blurred", intensity, brightness };
}

function parseGradient(text: string): Background | undefined {
  if (text === "dominant") return { kind: "dominant" };
  // The second spelling comes from older documentation.
  const match = /^(?:gradient_dominant|dominant_gradient)(?:_([24]))?$/.exec(text);
  return match === null ? undefined : { kind: "gradient", colors: match[1] === "4" ? 4 : 2 };
}

function parseGenerated(text: string): Background | undefined {
  if (text === "genfill") return { kind: "generated", prompt: undefined };
  const [, promptText] = /^genfill-(.*)$/s.exec(text) ?? [];
  const prompt = promptText === undefined ? undefined : decodePrompt(promptText);
  return prompt === undefined ? undefined : { kind: "generated", prompt };
}
