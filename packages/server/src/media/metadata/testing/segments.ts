/** Adds a segment behind the beginning of a JPEG. */
export function withSegment(jpeg: Buffer, marker: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, bytes, jpeg.subarray(2)]);
}

export type Dataset = readonly [record: number, dataset: number, value: Buffer];

/** Adds IPTC to a JPEG in the place where Photoshop puts it. */
export function withIptc(jpeg: Buffer, datasets: readonly Dataset[]): Buffer {
  const iptc = Buffer.concat(
    datasets.flatMap(([record, dataset, value]) => {
      const head = Buffer.from([0x1c, record, dataset, 0, 0]);
      head.writeUInt16BE(value.length, 3);
      return [head, value];
    }),
  );
  const resource = Buffer.from("8BIM\x04\x04\0\0\0\0\0\0", "latin1");
  resource.writeUInt32BE(iptc.length, 8);
  return withSegment(jpeg, 0xed, Buffer.concat([Buffer.from("Photoshop 3.0\0"), resource, iptc]));
}
