import { setImmediate } from "node:timers/promises";
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";
import {
  allowedElements,
  animationElements,
  attributeKind,
  canBeAnimated,
  pictureElements,
  svgNamespace,
  textElements,
  xlinkNamespace,
  xmlNamespace,
} from "./allowed-svg.ts";
import {
  areHarmlessValues,
  cleanDeclarations,
  cleanStyleSheet,
  isEmbeddedPicture,
  isHarmlessValue,
  localTarget,
} from "./clean-css.ts";
import { ElementCount } from "./count-elements.ts";

// An internal subset may hold much more, but only entities that stand for plain text are used. Each match ends at the
// quote that its value begins with, so no input makes the pattern read anything twice.
const declaration = /<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"%&<]*)"|'([^'%&<]*)')\s*>/g;

const maxEntities = 100;
const maxValueLength = 1000;

/**
 * Reads the entities that drawing programs declare for their namespaces. These are names for plain text. Names for
 * names (which bombs are made of), for markup and for other files aren't read, so a text that uses them is no drawing.
 */
function readEntities(doctype: string): ReadonlyMap<string, string> {
  const entities = new Map<string, string>();
  for (const [, name = "", double, single] of doctype.matchAll(declaration)) {
    const value = double ?? single ?? "";
    // The first declaration of a name counts.
    if (entities.size < maxEntities && value.length <= maxValueLength && !entities.has(name)) entities.set(name, value);
  }
  return entities;
}

interface SvgLimits {
  /** The limit for the source, and for the result. */
  readonly bytes: number;
  /**
   * The limit for the elements that are written in the source. Together with those that references show again, there
   * may be `maxRepetition` times as many.
   */
  readonly elements: number;
}

/** The deepest nesting of elements. Browsers give up at some hundreds as well. */
const maxDepth = 256;

/** Honest drawings fill thousands of shapes with one gradient, and show a symbol hundreds of times. */
const maxRepetition = 10;

/** The most attributes of one element. */
const maxAttributesPerElement = 1000;

/** The number of characters that are read before other work gets its turn. They take a few milliseconds. */
const sliceLength = 65_536;

/**
 * Writes a drawing anew with only the parts that an allow-list names (`allowed-svg.ts`). The result has nothing that
 * runs, nothing that leads out of the file, and no entity, comment or instruction. A part that this parser didn't see
 * isn't in the result, so it doesn't matter what another parser would have seen in the source.
 * @returns undefined for a text that isn't a well-formed drawing, or is beyond the limits
 * @throws the signal's reason
 */
export async function sanitiseSvg(text: string, limits: SvgLimits, signal: AbortSignal): Promise<string | undefined> {
  if (text.length > limits.bytes) return undefined;
  const writer = new DrawingWriter(limits);
  const parser = parserFor(writer);
  try {
    for (let start = 0; start < text.length; start += sliceLength) {
      parser.write(text.slice(start, start + sliceLength));
      await setImmediate(undefined, { signal });
    }
    parser.close();
    return writer.finish();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** The text isn't accepted as a drawing, for whatever reason. */
class Refused extends Error {
  override readonly name = "Refused";
}

function parserFor(writer: DrawingWriter): SaxesParser<{ xmlns: true }> {
  // In XML 1.1, which browsers don't read, control characters could be written.
  const parser = new SaxesParser({ xmlns: true, position: false, defaultXMLVersion: "1.0", forceXMLVersion: true });
  parser.on("error", (error) => {
    throw new Refused(error.message);
  });
  parser.on("doctype", (doctype) => {
    for (const [name, value] of readEntities(doctype)) {
      if (name in parser.ENTITIES) continue;
      Object.defineProperty(parser.ENTITIES, name, {
        get() {
          // Expansions are counted where they happen: an attribute's length is known only when all of it has been read.
          writer.spend(value.length);
          return value;
        },
      });
    }
  });
  parser.on("attribute", () => writer.attribute());
  parser.on("opentag", (tag) => writer.open(tag));
  parser.on("closetag", (tag) => writer.close(tag));
  parser.on("text", (content) => writer.text(content));
  parser.on("cdata", (content) => writer.text(content));
  return parser;
}

class DrawingWriter {
  readonly #limits: SvgLimits;
  readonly #count = new ElementCount();
  readonly #pieces: string[] = [];
  #left: number;
  /** The position, counted from 1, of the piece that declares the namespace of xlink if the drawing uses it. */
  #xlinkAt = 0;
  #usesXlink = false;
  #elements = 0;
  #attributes = 0;
  #depth = 0;
  /** The number of open elements that are being removed: the outermost of them, and those within it. */
  #gone = 0;
  /** The text within the innermost open element, if that element keeps only its text. */
  #held: string | undefined;

  constructor(limits: SvgLimits) {
    this.#limits = limits;
    this.#left = limits.bytes;
  }

  /** Counts one attribute of the element that is about to be opened. */
  attribute(): void {
    this.#attributes += 1;
    if (this.#attributes > maxAttributesPerElement) throw new Refused("too many attributes");
  }

  open(tag: SaxesTagNS): void {
    this.#attributes = 0;
    this.#depth += 1;
    this.#elements += 1;
    if (this.#depth > maxDepth || this.#elements > this.#limits.elements) throw new Refused("too much");
    if (this.#depth === 1 && !isRoot(tag)) throw new Refused("no drawing");
    if (this.#gone > 0 || this.#held !== undefined || !this.#mayStand(tag)) {
      this.#gone += 1;
      return;
    }
    const attributes = Object.values(tag.attributes);
    this.#count.open(attributes.find(({ name }) => name === "id")?.value);
    this.#write(`<${tag.local}`);
    if (this.#depth === 1) {
      this.#write(` xmlns="${svgNamespace}"`);
      this.#xlinkAt = this.#pieces.push("");
    }
    for (const attribute of attributes) {
      const value = this.#cleaned(tag.local, attribute);
      if (value === undefined) continue;
      this.#write(` ${nameOf(attribute)}="${quoted(value)}"`);
      this.#usesXlink ||= attribute.uri === xlinkNamespace;
    }
    this.#write(tag.isSelfClosing ? "/>" : ">");
    if (textElements.has(tag.local)) this.#held = "";
  }

  close({ local, isSelfClosing }: SaxesTagNS): void {
    this.#depth -= 1;
    if (this.#gone > 0) {
      this.#gone -= 1;
      return;
    }
    if (this.#held !== undefined) {
      this.#write(escaped(local === "style" ? cleanStyleSheet(this.#held, this.#refer) : this.#held));
      this.#held = undefined;
    }
    if (!isSelfClosing) this.#write(`</${local}>`);
    this.#count.close();
  }

  text(content: string): void {
    if (this.#gone > 0 || this.#depth === 0) return;
    if (this.#held !== undefined) this.#held += content;
    else this.#write(escaped(content));
  }

  /** @throws Refused beyond the limit */
  spend(length: number): void {
    this.#left -= length;
    if (this.#left < 0) throw new Refused("too long");
  }

  finish(): string {
    if (this.#count.total() > this.#limits.elements * maxRepetition)
      throw new Refused("too many elements through references");
    if (this.#usesXlink) this.#pieces[this.#xlinkAt - 1] = ` xmlns:xlink="${xlinkNamespace}"`;
    return this.#pieces.join("");
  }

  #write(piece: string): void {
    this.spend(piece.length);
    this.#pieces.push(piece);
  }

  readonly #refer = (id: string): void => this.#count.refer(id);

  /** Whether an element may stay. An animation of an attribute that may not be animated is removed. */
  #mayStand({ uri, local, attributes }: SaxesTagNS): boolean {
    if (uri !== svgNamespace || !allowedElements.has(local)) return false;
    const animated = attributes.attributeName?.value.trim();
    return !animationElements.has(local) || animated === undefined || canBeAnimated(animated);
  }

  /** An attribute's value as it may be kept; undefined for an attribute that is removed. */
  #cleaned(element: string, { uri, prefix, local, value }: SaxesAttributeNS): string | undefined {
    if (uri === xmlNamespace) return local === "space" || local === "lang" ? value : undefined;
    if (uri === xlinkNamespace) return local === "href" ? this.#reference(element, value) : undefined;
    if (uri !== "" || prefix !== "") return undefined;
    switch (attributeKind(local)) {
      case "plain":
        return value;
      case "styled":
        return isHarmlessValue(value, this.#refer) ? value : undefined;
      case "values":
        return areHarmlessValues(value, this.#refer) ? value : undefined;
      case "declarations":
        return cleanDeclarations(value, this.#refer) || undefined;
      case "reference":
        return this.#reference(element, value);
      case "animated":
        return value.trim();
      case undefined:
        return undefined;
    }
  }

  #reference(element: string, value: string): string | undefined {
    const target = localTarget(value);
    if (target !== undefined) {
      this.#refer(target);
      return value;
    }
    return pictureElements.has(element) && isEmbeddedPicture(value) ? value : undefined;
  }
}

function isRoot({ uri, local }: SaxesTagNS): boolean {
  return uri === svgNamespace && local === "svg";
}

/** Prefixes are written as they are declared at the root, whatever they are in the source. */
function nameOf({ uri, local }: SaxesAttributeNS): string {
  if (uri === xlinkNamespace) return `xlink:${local}`;
  return uri === xmlNamespace ? `xml:${local}` : local;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Escapes an attribute's value. Characters that an XML parser would turn into spaces are written as references. */
function quoted(value: string): string {
  return escaped(value)
    .replaceAll('"', "&quot;")
    .replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
