import { type AiEffect, type AiRequest, aiEffects, isAiEffect } from "../../../media/image/plan/ai-effects.ts";
import { parseEndpoints } from "../../../network/endpoint-settings.ts";

/** A picture for a model, and what is to be made of it. */
export interface AiTask extends AiRequest {
  /** The same for the same picture and request, so that a provider that charges for its work can recognise a repetition. */
  readonly id: string;
  readonly picture: {
    /** PNG. */
    readonly data: Uint8Array;
    readonly width: number;
    readonly height: number;
  };
}

export interface AiProvider {
  /**
   * @returns an encoded picture, which nobody has looked at yet
   * @throws AiFailure where another attempt would fail in the same way; other errors are worth another attempt
   */
  make(task: AiTask, signal: AbortSignal): Promise<Buffer>;
}

/** A provider can't make a picture of this one. The message is for the operator's log. */
export class AiFailure extends Error {
  override readonly name = "AiFailure";
}

/** The providers in the configuration. */
export interface AiProviders {
  /** The effects that have a provider. */
  readonly effects: ReadonlySet<AiEffect>;
  /** Whether anybody may ask for any picture. Otherwise a URL has to be signed, or to be one name alone. */
  readonly unsigned: boolean;
  find(effect: AiEffect): AiProvider | undefined;
  close(): Promise<void>;
}

/** Parses which endpoint does which effect. @throws ConfigError */
export function parseAiEndpoints(text: string): Readonly<Record<string, string>> {
  return parseEndpoints(text, {
    flag: "--ai-effect",
    isName: isAiEffect,
    form: `<effect>=<url>, the effect one of ${Object.keys(aiEffects).join(", ")}`,
  });
}
