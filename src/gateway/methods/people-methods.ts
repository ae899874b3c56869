/** Methods of a connection about users and groups. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { Experimenter, ExperimenterGroup } from "../objects/experimenter.js";
import type { LoadOptions } from "../objects/omero-object.js";

/** Users and groups. */
export interface PeopleMethods {
  /** The group that calls work in, with its users; the session's own where they work in all. */
  getCurrentGroup(options?: LoadOptions): Promise<ExperimenterGroup>;
  /** The other users of that group; none of a private group, unless the user leads it. */
  listColleagues(options?: LoadOptions): Promise<Experimenter[]>;
  /** The groups that the user leads. */
  listOwnedGroups(options?: LoadOptions): Promise<ExperimenterGroup[]>;
  /** Whether the user is an administrator with all privileges that there are. */
  isFullAdmin(options?: LoadOptions): Promise<boolean>;
}

const people = async (connection: OmeroConnection) => {
  const [{ objectContext }, groups] = await Promise.all([
    import("../finding/object-types.js"),
    import("../people/groups.js"),
  ]);
  return { ...groups, context: objectContext(connection) };
};

export const PEOPLE_METHODS: PeopleMethods & ThisType<OmeroConnection> = {
  async getCurrentGroup(options = {}) {
    const { currentGroup, context } = await people(this);
    return currentGroup(context, options);
  },
  async listColleagues(options = {}) {
    const { colleagues, context } = await people(this);
    return colleagues(context, options);
  },
  async listOwnedGroups(options = {}) {
    const { ownedGroups, context } = await people(this);
    return ownedGroups(context, options);
  },
  async isFullAdmin(options = {}) {
    const { hasAllPrivileges, context } = await people(this);
    return hasAllPrivileges(context, options);
  },
};
