export function SignIn({ wasWrong }: { readonly wasWrong: boolean }) {
  return (
    <main>
      <form className="sign-in" method="post" action="/sign-in">
        <h1>Pictures</h1>
        <p className="quiet">
          Sign in as <b>ada</b> with <b>difference</b>, or as <b>grace</b> with <b>compiler</b>.
        </p>
        {wasWrong && (
          <p className="bad" role="alert">
            There is no such user with this password.
          </p>
        )}
        <label>
          User <input name="user" autoComplete="username" autoCapitalize="none" required />
        </label>
        <label>
          Password <input type="password" name="password" autoComplete="current-password" required />
        </label>
        <button type="submit">Sign in</button>
      </form>
    </main>
  );
}
