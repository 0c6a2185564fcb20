export { signOut as POST } from "../../../shared/session.ts";
