DROP INDEX "battles_voter_created_index";--> statement-breakpoint
CREATE INDEX "battles_voter_created_index" ON "battles" USING btree ("voter_id","created_at") WHERE "battles"."prompt_id" is not null;