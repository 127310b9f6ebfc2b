PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_vote_log` (
	`position` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`battle_id` text,
	`voter_id` text NOT NULL,
	`revision` integer NOT NULL,
	`arena` text NOT NULL,
	`model_a` text NOT NULL,
	`model_b` text NOT NULL,
	`turn` integer NOT NULL,
	`generation` integer NOT NULL,
	`outcome` text NOT NULL,
	`mark` text,
	`supersedes` text,
	`language` text NOT NULL,
	`categories` text NOT NULL,
	`at` integer NOT NULL,
	`source` text,
	`judge` text,
	`excluded` text,
	`leaked` integer,
	`replaces` text,
	`strength` integer,
	`weight` real,
	`style` text,
	FOREIGN KEY (`battle_id`) REFERENCES `battles`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "vote_log_outcome_known" CHECK("__new_vote_log"."outcome" in ('a', 'b', 'tie', 'both_bad')),
	CONSTRAINT "vote_log_mark_known" CHECK("__new_vote_log"."mark" in ('identity-leaked', 'revealed')),
	CONSTRAINT "vote_log_kind_known" CHECK(("__new_vote_log"."kind" = 'withdrawal') = ("__new_vote_log"."supersedes" is not null)),
	CONSTRAINT "vote_log_revision_counts" CHECK("__new_vote_log"."revision" >= 1)
);
--> statement-breakpoint
INSERT INTO `__new_vote_log`("position", "id", "kind", "battle_id", "voter_id", "revision", "arena", "model_a", "model_b", "turn", "generation", "outcome", "mark", "supersedes", "language", "categories", "at", "source", "judge", "excluded", "leaked", "replaces", "strength", "weight", "style") SELECT "position", "id", "kind", "battle_id", "voter_id", "revision", "arena", "model_a", "model_b", "turn", "generation", "outcome", "mark", "supersedes", "language", "categories", "at", "source", "judge", "excluded", "leaked", "replaces", "strength", "weight", "style" FROM `vote_log`;--> statement-breakpoint
DROP TABLE `vote_log`;--> statement-breakpoint
ALTER TABLE `__new_vote_log` RENAME TO `vote_log`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `vote_log_id_unique` ON `vote_log` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `vote_log_revision_unique` ON `vote_log` (`battle_id`,`voter_id`,`revision`) WHERE "vote_log"."battle_id" is not null;--> statement-breakpoint
CREATE INDEX `vote_log_voter_index` ON `vote_log` (`voter_id`,`position`) WHERE "vote_log"."source" is null;