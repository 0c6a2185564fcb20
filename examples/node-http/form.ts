import { canonicalParameters, createUploadToken } from "@sluice/token";
import { userOf } from "../shared/session.ts";
import { settings } from "../shared/settings.ts";

/** Seconds that a user has to choose a file and send the form. */
const lifetimeSeconds = 900;

/**
 * A form that works without any script. Its parameters, including the name, are fixed before the file is known. The
 * file's type doesn't influence what is stored. `no-store` makes the browser's Back button load a form with a new
 * token.
 */
export async function formPage(request: Request): Promise<Response> {
  const user = userOf(request);
  if (user === undefined) return new Response(null, { status: 303, headers: { Location: "/" } });
  const parameters = {
    fileName: "document",
    folder: `/users/${user}`,
    useUniqueFileName: true,
    checks: "'file.mime' IN ['application/pdf', 'text/plain'] AND 'file.size' <= '10MB'",
  };
  const token = await createUploadToken(parameters, { ...settings.keys, expiresIn: lifetimeSeconds });
  const hidden = Object.entries({ token, ...canonicalParameters(parameters) });
  const html = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/style.css">
  <title>Upload a document</title>
  <body>
    <main>
      <form class="sign-in" method="post" enctype="multipart/form-data" action="${settings.sluiceUrl}/api/v2/files/upload">
        <h1>A document</h1>
        <p class="quiet">A PDF or a text of at most 10 MB. No script has a part in this.</p>
        ${hidden.map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join("\n        ")}
        <label>Document <input type="file" name="file" accept="application/pdf,text/plain" required></label>
        <button type="submit">Upload</button>
        <p><a href="/">Back to the pictures</a></p>
      </form>
    </main>
  </body>
</html>
`;
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" } });
}
