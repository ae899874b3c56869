/** Users and the groups they are in. */
import { idNumber } from "../../columns/int64.js";
import type {
  Experimenter as ExperimenterModel,
  ExperimenterGroup as GroupModel,
} from "../../connect/ice/schema/omero.js";
import { AnnotatedObject } from "../annotations/annotated-object.js";
import { optionalText, textIn } from "../plain-values.js";
import { fullNameOf, type PermissionName, permissionName } from "./details.js";

/** A user. */
export class Experimenter extends AnnotatedObject<ExperimenterModel> {
  /** Log-in name. */
  get userName(): string {
    return textIn(this.model.omeName);
  }
  /** First name. */
  get firstName(): string {
    return textIn(this.model.firstName);
  }
  /** Last name. */
  get lastName(): string {
    return textIn(this.model.lastName);
  }
  /** First, middle and last name. */
  get fullName(): string {
    return fullNameOf(this.model) ?? "";
  }
  /** E-mail address; empty where the user gave none. */
  get email(): string {
    return textIn(this.model.email);
  }
  /** Where the user works. */
  get institution(): string | undefined {
    return optionalText(this.model.institution);
  }
  /** Ids of the groups that the user is in, the default one first; OMERO's group of all users is among them. */
  get groupIds(): number[] {
    return this.model.groupExperimenterMapSeq.flatMap((membership) => idIn(membership?.parent));
  }
  /** Ids of the groups that the user leads. */
  get ledGroupIds(): number[] {
    const led = this.model.groupExperimenterMapSeq.filter((membership) => membership?.owner?.val === true);
    return led.flatMap((membership) => idIn(membership?.parent));
  }
}

/** A group that users share data in. */
export class ExperimenterGroup extends AnnotatedObject<GroupModel> {
  /** Its name. */
  get name(): string {
    return textIn(this.model.name);
  }
  /** Its description. */
  get description(): string | undefined {
    return optionalText(this.model.description);
  }
  /** Its permissions, for example `rwra--`: what owner, members and others may do. */
  get permissions(): string {
    return this.details.permissions?.text ?? "";
  }
  /** The name of its permissions, for example `READ-ANNOTATE`; undefined for those without. */
  get permissionName(): PermissionName | undefined {
    return permissionName(this.permissions);
  }
  /** Ids of the users in it. */
  get memberIds(): number[] {
    return this.model.groupExperimenterMapSeq.flatMap((membership) => idIn(membership?.child));
  }
  /** Ids of the users who lead it. */
  get leaderIds(): number[] {
    const leaders = this.model.groupExperimenterMapSeq.filter((membership) => membership?.owner?.val === true);
    return leaders.flatMap((membership) => idIn(membership?.child));
  }
}

function idIn(object: { readonly id: { readonly val: bigint } | null } | null | undefined): number[] {
  return object?.id ? [idNumber(object.id.val, "object")] : [];
}
