/** Commands that are ready for a shell, except for the private key, which this page does not know. */
export const listCommand = (origin: string, folder: string): string =>
  `curl -u '<private key>:' \\\n'${origin}/v1/files?path=${folder}'`;

export const deleteCommand = (origin: string, fileId = "<fileId>"): string =>
  `curl -X DELETE \\\n-u '<private key>:' \\\n'${origin}/v1/files/${fileId}'`;
