// The objects of JMAP that the client reads, as the server sends them (RFC 8620, RFC 8621).

export type Id = string;
export type Json = Record<string, unknown>;

export interface Account {
    name: string;
    isPersonal: boolean;
    isReadOnly: boolean;
    accountCapabilities: Record<string, Json>;
}

export interface Session {
    capabilities: Record<string, Json>;
    accounts: Record<Id, Account>;
    primaryAccounts: Record<string, Id>;
    username: string;
    apiUrl: string;
    downloadUrl: string;
    uploadUrl: string;
    eventSourceUrl: string;
    state: string;
}

export interface Mailbox {
    id: Id;
    name: string;
    parentId: Id | null;
    role: string | null;
    sortOrder: number;
    totalEmails: number;
    unreadEmails: number;
    myRights: Record<string, boolean>;
}

export interface Address {
    name: string | null;
    email: string;
}

export interface BodyPart {
    partId: string | null;
    blobId: Id | null;
    size: number;
    name: string | null;
    type: string;
    disposition: string | null;
    cid: string | null;
}

export interface Email {
    id: Id;
    blobId: Id;
    threadId: Id;
    mailboxIds: Record<Id, boolean>;
    keywords: Record<string, boolean>;
    receivedAt: string;
    sentAt?: string;
    subject: string | null;
    from: Address[] | null;
    to: Address[] | null;
    cc: Address[] | null;
    bcc?: Address[] | null;
    replyTo?: Address[] | null;
    preview: string;
    size: number;
    hasAttachment: boolean;
    messageId?: string[] | null;
    references?: string[] | null;
    textBody?: BodyPart[];
    htmlBody?: BodyPart[];
    attachments?: BodyPart[];
    bodyValues?: Record<string, { value: string; isTruncated: boolean }>;
}

export interface Identity {
    id: Id;
    name: string;
    email: string;
    textSignature: string;
    htmlSignature: string;
}

export interface Changes {
    oldState: string;
    newState: string;
    hasMoreChanges: boolean;
    created: Id[];
    updated: Id[];
    destroyed: Id[];
}

export interface SetAnswer {
    newState: string;
    created?: Record<string, Json> | null;
    updated?: Record<Id, Json | null> | null;
    destroyed?: Id[] | null;
    notCreated?: Record<string, SetError> | null;
    notUpdated?: Record<Id, SetError> | null;
    notDestroyed?: Record<Id, SetError> | null;
}

export interface SetError {
    type: string;
    description?: string;
}
