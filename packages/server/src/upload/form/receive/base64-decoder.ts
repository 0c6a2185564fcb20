/** Thrown for text that is not base64, as docs/protocol/upload.md §15.18 defines it. */
export class Base64Error extends Error {}

const whiteSpace = 64;
const padding = 65;
const invalid = 66;

const meanings = new Uint8Array(256).fill(invalid);
for (const [value, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
  meanings[letter.charCodeAt(0)] = value;
}
meanings["-".charCodeAt(0)] = 62;
meanings["_".charCodeAt(0)] = 63;
meanings["=".charCodeAt(0)] = padding;
for (const letter of " \t\r\n\f\v") meanings[letter.charCodeAt(0)] = whiteSpace;

/** Decodes base64 as it arrives: both alphabets, ASCII white space ignored, padding optional. */
export class Base64Decoder {
  #bits = 0;
  #bitCount = 0;
  #symbols = 0;
  #paddings = 0;

  /** @throws Base64Error */
  push(text: Uint8Array): Buffer {
    const out = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4) + 1);
    let length = 0;
    for (const byte of text) {
      const meaning = meanings[byte] ?? invalid;
      if (meaning < whiteSpace) {
        if (this.#paddings > 0) throw new Base64Error("there is text after the padding");
        this.#symbols++;
        this.#bits = ((this.#bits << 6) | meaning) & 0xffffff;
        this.#bitCount += 6;
        if (this.#bitCount >= 8) {
          this.#bitCount -= 8;
          out[length++] = (this.#bits >> this.#bitCount) & 0xff;
        }
      } else if (meaning === padding) this.#paddings++;
      else if (meaning === invalid) throw new Base64Error("there is a character that base64 does not have");
    }
    return out.subarray(0, length);
  }

  /** @throws Base64Error when the text ended in the middle of a byte, or is padded wrongly */
  finish(): void {
    const rest = this.#symbols % 4;
    if (rest === 1) throw new Base64Error("its length is impossible");
    if (this.#paddings > 0 && (rest + this.#paddings) % 4 !== 0) throw new Base64Error("its padding is wrong");
    if (this.#paddings > 2) throw new Base64Error("its padding is wrong");
  }
}
