CREATE TABLE "import_runs" (
	"position" integer PRIMARY KEY NOT NULL,
	"token" text COLLATE "C" NOT NULL,
	"arena" text COLLATE "C" NOT NULL,
	"source" text NOT NULL,
	"keys" "bytea" NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
DROP INDEX "vote_log_voter_index";--> statement-breakpoint
ALTER TABLE "battles" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "battles" ADD COLUMN "system" text;--> statement-breakpoint
ALTER TABLE "battles" ADD COLUMN "gold" text;--> statement-breakpoint
ALTER TABLE "prompts" ADD COLUMN "system" text;--> statement-breakpoint
ALTER TABLE "prompts" ADD COLUMN "context" jsonb;--> statement-breakpoint
ALTER TABLE "vote_log" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "vote_log" ADD COLUMN "judge" text;--> statement-breakpoint
ALTER TABLE "vote_log" ADD COLUMN "excluded" text;--> statement-breakpoint
ALTER TABLE "vote_log" ADD COLUMN "leaked" boolean;--> statement-breakpoint
ALTER TABLE "vote_log" ADD COLUMN "replaces" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "vote_log" ADD COLUMN "strength" integer;--> statement-breakpoint
ALTER TABLE "vote_log" ADD COLUMN "weight" double precision;--> statement-breakpoint
ALTER TABLE "vote_log" ADD COLUMN "style" text;--> statement-breakpoint
CREATE INDEX "vote_log_voter_index" ON "vote_log" USING btree ("voter_id","position") WHERE "vote_log"."source" is null;