"use client";

import { upload } from "@sluice/client";
import { useState } from "react";

export default function Page() {
  const [lines, setLines] = useState({});

  function send(event) {
    for (const file of event.currentTarget.files) {
      const show = (text) => setLines((before) => ({ ...before, [file.name]: text }));
      upload({
        file,
        fileName: file.name,
        endpoint: process.env.NEXT_PUBLIC_SLUICE_URL,
        getToken: "/api/upload-token",
        onProgress: ({ loaded, total }) => show(`${Math.floor((100 * loaded) / total)} %`),
      }).then(
        ({ filePath }) => show(filePath),
        ({ message }) => show(message),
      );
    }
  }

  return (
    <main>
      <form method="post" action="/sign-in">
        <label>
          User <input name="user" autoComplete="username" required />
        </label>
        <label>
          Password <input type="password" name="password" autoComplete="current-password" required />
        </label>
        <button type="submit">Sign in</button>
      </form>
      <label>
        Files <input type="file" multiple onChange={send} />
      </label>
      <ul>
        {Object.entries(lines).map(([name, text]) => (
          <li key={name}>
            {name}: {text}
          </li>
        ))}
      </ul>
    </main>
  );
}
