import { type ParameterKind, parameterKinds, reservedNames, type UploadParameters } from "./upload-parameters.ts";

/**
 * Converts typed parameters into the exact strings that the form sends and the token contains. The code that builds the
 * form and the code that mints the token both call this function, so that both sides agree byte for byte
 * (docs/protocol/upload.md §3).
 *
 * Flags become `true` or `false`, numbers their shortest decimal form, lists comma-joined texts and JSON parameters
 * compact JSON. Strings stay as they are, except for line breaks. `FormData` writes every CR, LF and CRLF of a value as
 * CRLF (the HTML standard's "multipart/form-data encoding algorithm"), and the server compares what arrives. CRLF is
 * therefore the canonical line break here. A client that writes its multipart body itself has to send these strings
 * too.
 *
 * The result has no prototype, because a parameter may be called `__proto__`.
 * @throws {TypeError} naming the parameter whose name or value cannot travel unchanged
 */
export function canonicalParameters(parameters: Partial<UploadParameters>): Record<string, string> {
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
    throw new TypeError("The upload parameters must be an object of names and values.");
  }
  const strings: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) {
      assertParameterName(name);
      strings[name] = canonicalString(name, value);
    }
  }
  return strings;
}

/** Adds canonical strings to a form. The caller appends the file, before or after. */
export function appendParameters(
  form: { append(name: string, value: string): void },
  strings: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(strings)) {
    form.append(name, value);
  }
}

/**
 * Refuses names that would not arrive as they were signed. Multipart writers escape control characters and quotes of a
 * field's name, each in its own way. Readers undo this and treat a backslash or a percent sign differently.
 * @throws {TypeError}
 */
export function assertParameterName(name: string): void {
  if (reservedNames.has(name)) {
    throw new TypeError(`"${name}" cannot be an upload parameter: the protocol uses it.`);
  }
  if (!/^[^\p{Cc}\p{Cs}"\\%]+$/u.test(name)) {
    throw new TypeError(
      `${JSON.stringify(name)} cannot be an upload parameter: it is empty or holds a control character, ", \\ or %.`,
    );
  }
}

function canonicalString(name: string, value: unknown): string {
  if (typeof value === "string") {
    return travelling(name, value);
  }
  return travelling(name, writers[parameterKinds.get(name) ?? "text"](name, value));
}

const writers: Record<ParameterKind, (name: string, value: unknown) => string> = {
  text(name, value) {
    if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) {
      return String(value);
    }
    throw unsupported(name, "a string, a finite number or a boolean");
  },
  flag(name, value) {
    if (typeof value === "boolean") {
      return String(value);
    }
    throw unsupported(name, "a boolean or a string");
  },
  list(name, value) {
    if (!Array.isArray(value) || !value.every((entry) => typeof entry === "string")) {
      throw unsupported(name, "a string or an array of strings");
    }
    if (value.some((entry) => entry.includes(","))) {
      throw new TypeError(`The parameter ${name} has an entry with a comma, which would arrive as two.`);
    }
    return value.join(",");
  },
  array(name, value) {
    if (!Array.isArray(value)) {
      throw unsupported(name, "a string of JSON or an array");
    }
    return compactJson(name, value);
  },
  object(name, value) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw unsupported(name, "a string of JSON or an object");
    }
    return compactJson(name, value);
  },
};

/** Refuses a lone surrogate: a form would turn it into U+FFFD, which then differs from the token. */
function travelling(name: string, text: string): string {
  if (!text.isWellFormed()) {
    throw new TypeError(`The parameter ${name} holds half of a surrogate pair, which no form can carry.`);
  }
  return text.replace(/\r\n?|\n/g, "\r\n");
}

function compactJson(name: string, value: object): string {
  let cause: unknown;
  try {
    const text: string | undefined = JSON.stringify(value, refuseNonFinite);
    if (text !== undefined) {
      return text;
    }
  } catch (error) {
    cause = error;
  }
  throw new TypeError(`The parameter ${name} cannot be written as JSON.`, { cause });
}

/** Refuses NaN and Infinity, which JSON.stringify would silently turn into null. */
function refuseNonFinite(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`JSON has no ${value}.`);
  }
  return value;
}

function unsupported(name: string, expected: string): TypeError {
  return new TypeError(`The parameter ${name} must be ${expected}.`);
}
