/** The route is loaded when it is first called, so that `next build` needs no keys. */
export async function POST(request: Request): Promise<Response> {
  const { uploadToken } = await import("../../../../shared/upload-token.ts");
  return uploadToken(request);
}
