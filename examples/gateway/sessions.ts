/** Joining sessions, acting as another user, and what goes wrong. `tsx sessions.ts USER`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server; the user is to be an administrator. */
import { connectToOmero, LoginError } from "omero2frame";

await using connection = await connectToOmero();
console.log("connected:", connection.state, "administrator:", connection.isAdmin());

// A session that another program made is joined by its key, and lives on when this connection is closed.
const { host, port } = connection.server;
const joined = await connectToOmero({ server: `tcp://${host}:${port}`, sessionKey: connection.session.uuid });
await joined.close();
console.log("joined, closed:", joined.state, "other:", connection.state);

// Acting as another user.
const name = process.argv[2]!;
await connection.withUser(name, async (user) => {
  console.log("acting as:", user.session.userName, "projects:", await user.countObjects("Project"));
});

try {
  await connectToOmero({ server: `tcp://${host}:${port}`, username: name, password: "wrong", interactive: false });
} catch (error) {
  if (error instanceof LoginError) console.log("refused:", error.code);
}
