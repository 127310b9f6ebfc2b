CREATE TABLE `import_runs` (
	`position` integer PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`arena` text NOT NULL,
	`source` text NOT NULL,
	`keys` blob NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `vote_log_voter_index`;--> statement-breakpoint
ALTER TABLE `vote_log` ADD `source` text;--> statement-breakpoint
ALTER TABLE `vote_log` ADD `judge` text;--> statement-breakpoint
ALTER TABLE `vote_log` ADD `excluded` text;--> statement-breakpoint
ALTER TABLE `vote_log` ADD `leaked` integer;--> statement-breakpoint
ALTER TABLE `vote_log` ADD `replaces` text;--> statement-breakpoint
ALTER TABLE `vote_log` ADD `strength` integer;--> statement-breakpoint
ALTER TABLE `vote_log` ADD `weight` real;--> statement-breakpoint
ALTER TABLE `vote_log` ADD `style` text;--> statement-breakpoint
CREATE INDEX `vote_log_voter_index` ON `vote_log` (`voter_id`,`position`) WHERE "vote_log"."source" is null;--> statement-breakpoint
ALTER TABLE `battles` ADD `source` text;--> statement-breakpoint
ALTER TABLE `battles` ADD `system` text;--> statement-breakpoint
ALTER TABLE `battles` ADD `gold` text;--> statement-breakpoint
ALTER TABLE `prompts` ADD `system` text;--> statement-breakpoint
ALTER TABLE `prompts` ADD `context` text;