import { headers } from "next/headers";
import { picturesOf } from "../../shared/pictures.ts";
import { userOf } from "../../shared/session.ts";
import { settings } from "../../shared/settings.ts";
import { SignIn } from "./sign-in.tsx";
import { Uploads } from "./uploads.tsx";

interface PageProps {
  readonly searchParams: Promise<{ readonly wrong?: string }>;
}

export default async function Page({ searchParams }: PageProps) {
  const user = userOf({ headers: await headers() });
  if (user === undefined) return <SignIn wasWrong={(await searchParams).wrong !== undefined} />;
  return (
    <>
      <header className="top">
        <h1>Pictures</h1>
        <form method="post" action="/sign-out">
          <span className="quiet">{user}</span>
          <button type="submit">Sign out</button>
        </form>
      </header>
      <main>
        <Uploads sluiceUrl={settings.sluiceUrl} pictures={await picturesOf(user)} />
      </main>
    </>
  );
}
