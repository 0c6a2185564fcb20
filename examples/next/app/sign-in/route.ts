export { signIn as POST } from "../../../shared/session.ts";
