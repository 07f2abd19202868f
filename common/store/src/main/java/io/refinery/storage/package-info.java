/**
 * Objects in S3 storage, and local folders for work on them. Keys and meanings of particular
 * objects do not belong here.
 */
package io.refinery.storage;
