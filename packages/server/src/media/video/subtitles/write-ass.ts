import type { Color } from "@sluice/grammar";
import type { Size } from "../../image/pixels/geometry.ts";
import type { Span } from "../video-request.ts";
import type { SubtitleStyle } from "./subtitle-style.ts";

/** A text of subtitles, and when it is seen, in seconds of the film. */
export interface Cue {
  readonly start: number;
  readonly end: number;
  readonly pieces: readonly Piece[];
}

/** A part of a text, or where a style begins or ends. Lines are separated by `\n`. */
export type Piece = string | { readonly style: CueStyle; readonly isOn: boolean };

export type CueStyle = "b" | "i" | "u" | "s";

interface SubtitlesToWrite {
  readonly style: SubtitleStyle;
  /** The name of the family of fonts. It is never a user's text. */
  readonly family: string;
  /** The size of what they lie on. */
  readonly size: Size;
  /** The second of the film at which the result begins. */
  readonly offset: number;
  /** When they are seen, in seconds of the result. */
  readonly seen: Span;
}

/** The parts of the video's sides that stay free. */
const margin = 0.04;
/** The part of the text's size by which its box is larger. */
const boxPadding = 1 / 6;
const clear: Color = { red: 0, green: 0, blue: 0, opacity: 0, keyword: undefined };

/**
 * Writes subtitles as a file of Advanced SubStation Alpha, which FFmpeg's filter `ass` draws. Of the cues, it has plain
 * text and four styles: braces and backslashes of a text are written so that they are shown, and command nothing.
 */
export function writeAss(cues: readonly Cue[], { style, family, size, offset, seen }: SubtitlesToWrite): string {
  const { fontSize, colour, background, outline, shadow } = style;
  const end = seen.duration === undefined ? Number.POSITIVE_INFINITY : seen.start + seen.duration;
  // A box takes the place of outline and shadow, so it is drawn below, for a text that isn't seen.
  const box = {
    fill: clear,
    edge: clear,
    back: background ?? clear,
    form: 4,
    outline: 0,
    shadow: fontSize * boxPadding,
  };
  const text = {
    ...{ fill: colour, edge: outline?.color ?? clear, back: shadow?.color ?? clear, form: 1 },
    ...{ outline: outline?.size ?? 0, shadow: shadow?.size ?? 0 },
  };
  const layers = [...(background === undefined ? [] : [{ name: "box", look: box }]), { name: "text", look: text }];
  const shown = cues.flatMap((cue) => {
    const from = Math.max(cue.start - offset, seen.start, 0);
    const to = Math.min(cue.end - offset, end);
    return to > from ? [{ from, to, written: cue.pieces.map(writePiece).join("") }] : [];
  });
  const common = [family, fontSize];
  return [
    "[Script Info]",
    "ScriptType: v4.00+",
    `PlayResX: ${size.width}`,
    `PlayResY: ${size.height}`,
    "WrapStyle: 0",
    "ScaledBorderAndShadow: yes",
    "[V4+ Styles]",
    `Format: ${styleFormat.join(", ")}`,
    ...layers.map(({ name, look }) =>
      [
        `Style: ${name}`,
        ...common,
        ...[look.fill, look.fill, look.edge, look.back].map(writeColour),
        ...[style.bold, style.italic, false, style.struckThrough].map((flag) => (flag ? -1 : 0)),
        ...[100, 100, 0, 0, look.form, look.outline, look.shadow, bottomCentre],
        ...[Math.round(size.width * margin), Math.round(size.width * margin), Math.round(size.height * margin)],
        eitherDirection,
      ].join(","),
    ),
    "[Events]",
    "Format: Layer, Start, End, Style, Text",
    ...layers.flatMap(({ name }, layer) =>
      shown.map(({ from, to, written }) => `Dialogue: ${layer},${writeTime(from)},${writeTime(to)},${name},${written}`),
    ),
    "",
  ].join("\n");
}

const styleFormat = [
  ...["Name", "Fontname", "Fontsize", "PrimaryColour", "SecondaryColour", "OutlineColour", "BackColour"],
  ...["Bold", "Italic", "Underline", "StrikeOut", "ScaleX", "ScaleY", "Spacing", "Angle", "BorderStyle", "Outline"],
  ...["Shadow", "Alignment", "MarginL", "MarginR", "MarginV", "Encoding"],
];
const bottomCentre = 2;
/** Lines run from the right where their letters do. */
const eitherDirection = -1;

function writePiece(piece: Piece): string {
  // Without a number, a command brings back what the style says.
  if (typeof piece !== "string") return `{\\${piece.style}${piece.isOn ? "1" : ""}}`;
  return piece.replaceAll(/[\\{}\n]/g, (character) => escapes[character] ?? "");
}

/** A backslash can't be escaped. A word joiner, which isn't seen, keeps it from what follows. */
const escapes: Readonly<Record<string, string>> = { "\\": "\\\u2060", "{": "\\{", "}": "\\}", "\n": "\\N" };

/** The colour, and how transparent it is, as two hexadecimal digits each, backwards. */
function writeColour({ red, green, blue, opacity = 100 }: Color): string {
  const parts = [Math.round((100 - opacity) * 2.55), blue, green, red];
  return `&H${parts.map((part) => part.toString(16).toUpperCase().padStart(2, "0")).join("")}`;
}

function writeTime(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const part = (size: number, of: number): string => String(Math.floor(hundredths / size) % of).padStart(2, "0");
  return `${Math.floor(hundredths / 360_000)}:${part(6000, 60)}:${part(100, 60)}.${part(1, 100)}`;
}
