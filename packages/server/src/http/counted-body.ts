import { pipeline, type Readable, Transform } from "node:stream";

/**
 * A stream of the same bytes that tells of each piece before it hands it on.
 * @param onPiece called with the number of bytes; `first` is true once, also for a stream without any bytes
 */
export function countedBody(body: Readable, onPiece: (bytes: number, first: boolean) => void): Readable {
  let first = true;
  const tell = (bytes: number): void => {
    onPiece(bytes, first);
    first = false;
  };
  const counted = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      tell(piece.length);
      done(null, piece);
    },
    flush(done) {
      if (first) tell(0);
      done();
    },
  });
  // The reader of the other stream is told of an error.
  pipeline(body, counted, () => undefined);
  return counted;
}
