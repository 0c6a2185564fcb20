import { RemoteError } from "../../network/remote-error.ts";
import { parseRemoteUrl } from "../../network/remote-url.ts";
import { ParameterProblem } from "../../text/parameter.ts";
import { parseAiTasks } from "./ai-tasks.ts";
import { type Members, membersOf, onlyMembers, optionalBoolean, present, text, wholeNumber } from "./members.ts";

export interface ExtensionRecord {
  /** Whether the answer to the request waits a little for the result. */
  readonly awaited: boolean;
  /** Parses the extension's options from the members besides `name`. @throws ParameterProblem */
  readonly parse: (members: Members, what: string) => Members;
}

const autoTagging: ExtensionRecord = {
  awaited: true,
  parse(members, what) {
    onlyMembers(members, ["minConfidence", "maxTags"], what);
    return {
      minConfidence: wholeNumber(members.minConfidence, `${what}.minConfidence`, 0, 100),
      maxTags: wholeNumber(members.maxTags, `${what}.maxTags`, 0, 30),
    };
  },
};

/** The extensions of the protocol (docs/protocol/webhooks-and-extensions.md §1); an operator may add others by name. */
export const extensionTable = {
  "google-auto-tagging": autoTagging,
  "aws-auto-tagging": autoTagging,
  "remove-bg": {
    awaited: false,
    parse(members, what) {
      onlyMembers(members, ["options"], what);
      return members.options === undefined ? {} : backgroundOptions(membersOf(members.options, `${what}.options`));
    },
  },
  "ai-auto-description": {
    awaited: false,
    parse(members, what) {
      onlyMembers(members, [], what);
      return {};
    },
  },
  "ai-tasks": { awaited: false, parse: parseAiTasks },
} as const satisfies Record<string, ExtensionRecord>;

export const savedExtension = "saved-extension";

export function recordOf(name: string): ExtensionRecord | undefined {
  return Object.hasOwn(extensionTable, name) ? extensionTable[name as keyof typeof extensionTable] : undefined;
}

/** Whether an extension that an operator adds may have this name. */
export function isExtensionName(name: string): boolean {
  return name !== savedExtension && /^[a-z0-9][a-z0-9_-]{0,63}$/.test(name);
}

/** The vendor's samples write `bg_colour` for `bg_color` (docs/protocol/upload.md §5). */
function backgroundOptions({ bg_colour: misspelt, ...members }: Members): Members {
  onlyMembers(members, ["add_shadow", "semitransparency", "bg_color", "bg_image_url"], "remove-bg.options");
  const { bg_color: color = misspelt, bg_image_url: imageUrl } = members;
  if (color !== undefined && imageUrl !== undefined) {
    throw new ParameterProblem("remove-bg.options may hold bg_color or bg_image_url, not both.");
  }
  return present({
    add_shadow: optionalBoolean(members.add_shadow, "remove-bg.options.add_shadow"),
    semitransparency: optionalBoolean(members.semitransparency, "remove-bg.options.semitransparency"),
    bg_color: color === undefined ? undefined : parseColour(color),
    bg_image_url: imageUrl === undefined ? undefined : parseImageUrl(imageUrl),
  });
}

function parseColour(value: unknown): string {
  const colour = text(value, "remove-bg.options.bg_color", 64);
  if (/^(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}|[a-z]{3,32})$/i.test(colour)) return colour;
  throw new ParameterProblem("remove-bg.options.bg_color must be a hex colour without # or the name of a colour.");
}

function parseImageUrl(value: unknown): string {
  const url = text(value, "remove-bg.options.bg_image_url", 2048);
  try {
    return parseRemoteUrl(url, "remove-bg.options.bg_image_url").href;
  } catch (error) {
    throw error instanceof RemoteError ? new ParameterProblem(error.message) : error;
  }
}
