/** The part of libheif-js that is used here. The library's own types describe the whole C interface. */
declare module "libheif-js/wasm-bundle.js" {
  interface HeifImage {
    get_width(): number;
    get_height(): number;
    is_primary(): boolean;
    /** @param done gets undefined when the picture can't be decoded */
    display(
      into: { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number },
      done: (displayed: unknown) => void,
    ): void;
    free(): void;
  }
  class HeifDecoder {
    /** The pictures that a file shows, not yet decoded; none for a file that isn't HEIF. */
    decode(bytes: Uint8Array): HeifImage[];
  }
  const loading: Promise<{ readonly HeifDecoder: typeof HeifDecoder }>;
  export default loading;
}
