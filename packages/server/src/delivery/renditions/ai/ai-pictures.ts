import { LRUCache } from "lru-cache";
import type { Config } from "../../../config/config.ts";
import type { Database } from "../../../database/database.ts";
import type { AiEffect } from "../../../media/image/plan/ai-effects.ts";
import { askedMs } from "./ai-answers.ts";
import type { AiProvider, AiProviders } from "./ai-provider.ts";
import type { AskedAiPicture, askForAiPicture } from "./ask-for-ai-picture.ts";

export interface AiPicturesNeeds {
  readonly config: Pick<Config, "aiEffects">;
  readonly database: Pick<Database<{ readonly askForAiPicture: typeof askForAiPicture }>, "run">;
  readonly providers: AiProviders;
}

const maxRemembered = 10_000;
/** The time for which an account with too many jobs isn't counted anew. */
const fullMs = 5_000;

/** The pictures that models are to make for URLs: who does which effect, and who may ask for it. */
export class AiPictures {
  readonly #needs: AiPicturesNeeds;
  readonly #asked = new LRUCache<string, true>({ max: maxRemembered, ttl: askedMs });

  /** The accounts of which too many jobs are waiting, with the number that is too many. */
  readonly #full = new LRUCache<string, true>({ max: maxRemembered, ttl: fullMs });

  constructor(needs: AiPicturesNeeds) {
    this.#needs = needs;
  }

  /** The effects that have a provider. */
  get effects(): ReadonlySet<AiEffect> {
    return this.#needs.providers.effects;
  }

  /** Whether anybody may ask for any picture. Otherwise a URL has to be signed, or to be one name alone. */
  get unsigned(): boolean {
    return this.#needs.config.aiEffects.unsigned;
  }

  find(effect: AiEffect): AiProvider | undefined {
    return this.#needs.providers.find(effect);
  }

  /**
   * Has a picture made by a job, which goes on when the client is gone. A client that asks again and again causes few
   * jobs more, one after the other, and those find what the first one has made.
   * @returns false when too many of the account's jobs are waiting
   */
  async ask(asked: AskedAiPicture): Promise<boolean> {
    if (this.#asked.has(asked.key)) return true;
    const bound = `${asked.job.accountId} ${asked.maxWaiting}`;
    if (this.#full.has(bound)) return false;
    const isAsked = await this.#needs.database.run("askForAiPicture", asked);
    if (isAsked) this.#asked.set(asked.key, true);
    else this.#full.set(bound, true);
    return isAsked;
  }

  /** Lets the picture be asked for again. It was made, or it failed; it may be lost from the cache later. */
  forget(key: string): void {
    this.#asked.delete(key);
  }

  async close(): Promise<void> {
    await this.#needs.providers.close();
  }
}
