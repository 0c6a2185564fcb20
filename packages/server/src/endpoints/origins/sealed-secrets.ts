import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** The secrets of an origin, by the names of their members. */
export type OriginSecrets = Readonly<Record<string, string>>;

/** The owner of a ciphertext. A ciphertext that is copied to another account or origin can't be opened there. */
export interface SecretsOwner {
  readonly accountId: string;
  readonly originId: string;
}

/** Thrown where no configured key opens a ciphertext. The message holds no secret. */
export class UnopenedSecrets extends Error {
  override readonly name = "UnopenedSecrets";
}

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
/** The form of a ciphertext, so that a later form can be told apart. */
const form = "s1";
const keyIdLength = 16;
/** The length of a ciphertext's beginning, which names its form and its key. */
export const sealedHeadLength = `${form}.`.length + keyIdLength;

/**
 * Encrypts the secrets of origins with AES-256-GCM. The first key encrypts. The others open what was encrypted with
 * them before, so that a key can be replaced.
 */
export class SealedSecrets {
  readonly #keys: readonly { readonly id: string; readonly bytes: Buffer }[];

  /** @param keys in base64, newest first; without any, nothing can be sealed or opened */
  constructor(keys: readonly string[]) {
    this.#keys = keys.map((key) => {
      const bytes = Buffer.from(key, "base64");
      return { id: idOf(bytes), bytes };
    });
  }

  get canSeal(): boolean {
    return this.#keys.length > 0;
  }

  /** Whether the key with this id is among the keys. */
  has(keyId: string): boolean {
    return this.#keys.some(({ id }) => id === keyId);
  }

  /** @returns `s1.<key id>.<nonce>.<ciphertext and tag>` */
  seal(secrets: OriginSecrets, owner: SecretsOwner): string {
    const [key] = this.#keys;
    if (key === undefined) throw new UnopenedSecrets("there is no --secrets-key");
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, key.bytes, nonce, { authTagLength: tagBytes });
    cipher.setAAD(boundTo(owner));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), "utf8"), cipher.final(), cipher.getAuthTag()]);
    return [form, key.id, nonce.toString("base64url"), sealed.toString("base64url")].join(".");
  }

  /** @throws UnopenedSecrets */
  open(text: string, owner: SecretsOwner): OriginSecrets {
    const [version, id, nonce = "", sealed = ""] = text.split(".");
    const key = this.#keys.find((one) => one.id === id);
    if (version !== form || key === undefined) {
      throw new UnopenedSecrets(`--secrets-key lacks the key ${id ?? ""}, with which the secrets were encrypted`);
    }
    const bytes = Buffer.from(sealed, "base64url");
    try {
      const decipher = createDecipheriv(algorithm, key.bytes, Buffer.from(nonce, "base64url"), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(boundTo(owner));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const opened = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]);
      return JSON.parse(opened.toString("utf8")) as OriginSecrets;
    } catch (error) {
      throw new UnopenedSecrets("the secrets are not what was encrypted", { cause: error });
    }
  }
}

/** @returns the id of the key with which a text was encrypted, of which the beginning is enough */
export function sealingKeyOf(sealed: string): string {
  return sealed.split(".")[1] ?? "";
}

/** The id tells keys apart, and tells nobody the key. */
function idOf(key: Buffer): string {
  return createHash("sha256").update("sluice secrets key").update(key).digest("hex").slice(0, keyIdLength);
}

function boundTo({ accountId, originId }: SecretsOwner): Buffer {
  return Buffer.from(JSON.stringify(["origin", accountId, originId]));
}
